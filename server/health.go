package server

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/smista/smista/guard"
)

// Check is something that has to work for requests to be answered well.
type Check struct {
	Name  string
	Run   func(ctx context.Context) error // its error is logged: no secrets
	Spare bool                            // requests are answered without it too, with less
}

const checkTime = 2 * time.Second

// livez says that the process runs: restarting it would help otherwise.
func livez() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
}

// readyz says whether requests can be answered now; with ?verbose, what was asked.
func readyz(d Deps) http.Handler {
	checks := append([]Check{{Name: "database", Run: func(ctx context.Context) error {
		_, err := d.Log.Last(ctx)
		return err
	}}}, d.Checks...)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(guard.NewContext(r.Context(), guard.System("health")), checkTime)
		defer cancel()
		status, report := http.StatusOK, ""
		for _, c := range checks {
			line := "ok"
			if err := c.Run(ctx); err != nil {
				line = "failed, see the log"
				if !c.Spare { // what is spare tells the log itself
					status = http.StatusServiceUnavailable
					d.Logger.ErrorContext(ctx, "not ready", "check", c.Name, "error", err)
				}
			}
			report += fmt.Sprintf("%s: %s\n", c.Name, line)
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		if !r.URL.Query().Has("verbose") {
			report = http.StatusText(status) + "\n"
		}
		_, _ = w.Write([]byte(report))
	})
}
