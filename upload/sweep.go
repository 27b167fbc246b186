package upload

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

const (
	keepTime  = 24 * time.Hour // an upload that nobody touches
	sweepTime = time.Hour
)

// Run drops what was left lying, now and then until ctx ends.
func (u *Uploads) Run(ctx context.Context) {
	tick := time.NewTicker(sweepTime)
	defer tick.Stop()
	for {
		if err := u.Sweep(time.Now()); err != nil {
			u.o.Logger.ErrorContext(ctx, "uploads left lying could not be dropped", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Sweep drops the uploads that nobody touched for a day before now, and the
// endings that nobody asks for any more.
func (u *Uploads) Sweep(now time.Time) error {
	entries, err := os.ReadDir(u.o.Folder)
	if err != nil {
		return fmt.Errorf("look for uploads left lying: %w", err)
	}
	touched := map[string]time.Time{}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			continue
		}
		if err != nil {
			return fmt.Errorf("look for uploads left lying: %w", err)
		}
		id, _, _ := strings.Cut(e.Name(), ".")
		if at := info.ModTime(); at.After(touched[id]) {
			touched[id] = at
		}
	}
	for id, at := range touched {
		if now.Sub(at) < keepTime {
			continue
		}
		path := u.store.path(id)
		err = errors.Join(err, remove(path+doneSuffix, path+infoSuffix, path))
	}
	return err
}
