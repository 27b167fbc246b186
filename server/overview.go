package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/event/export"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/overview"
)

// overviewPath hands out the figures of the overview for other programs.
const overviewPath = "/api/v1/overview.csv"

// overviewAsked is what a query string asks for: from and until are moments, office
// is one of the API's ids, by is day, or office.
type overviewAsked struct {
	from, until time.Time
	office      *model.GlobalID
	byOffice    bool
}

func overviewOf(q url.Values) (a overviewAsked, err *model.Error) {
	for name, values := range q {
		var t *time.Time
		switch name {
		case "from", "until":
			if t, err = momentOf(name, values[0]); err != nil {
				return a, err
			}
			if name == "from" {
				a.from = *t
			} else {
				a.until = *t
			}
		case "office":
			a.office = new(model.ParseID(values[0]))
		case "by":
			if a.byOffice = values[0] == "office"; !a.byOffice && values[0] != "day" {
				return a, model.Invalid("by is day or office")
			}
		default:
			return a, model.Invalid("there is no %q here: from, until, office, by", name)
		}
	}
	return a, nil
}

// overviewed answers with the figures that the viewer may see; with what is not
// there otherwise.
func overviewed(resolver *graph.Resolver) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, wrong := overviewOf(r.URL.Query())
		if wrong != nil {
			refuse(w, r, http.StatusBadRequest, wrong.English)
			return
		}
		o, offices, err := resolver.Overview(r.Context(), asked.office, asked.from, asked.until)
		if invalid, ok := errors.AsType[*model.Error](err); ok {
			refuse(w, r, http.StatusBadRequest, invalid.English)
			return
		}
		if err != nil {
			resolver.Logger.ErrorContext(r.Context(), "an overview failed", "request", graph.RequestFrom(r.Context()).ID, "error", err)
			refuseAs(w, r, http.StatusInternalServerError, model.Failure())
			return
		}
		if o == nil {
			refuse(w, r, http.StatusNotFound, "there is nothing here that you may see")
			return
		}
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", disposition("panoramica.csv"))
		w.Header().Set("Cache-Control", "no-store")
		write := writeDays
		if asked.byOffice {
			write = writeOffices
		}
		if write(w, graph.RequestFrom(r.Context()).Language == "it", o, offices) != nil {
			panic(http.ErrAbortHandler) //nolint:forbidigo // net/http ends the connection by it
		}
	})
}

func writeDays(w http.ResponseWriter, italian bool, o *overview.Overview, _ map[int]*ent.Office) error {
	headers := []string{"Day", "Arrived", "Closed", "Open at the end", "Breached"}
	if italian {
		headers = []string{"Giorno", "Arrivate", "Evase", "Aperte a fine giornata", "Termini scaduti"}
	}
	t := export.NewTable(w, headers...)
	for _, d := range o.Days {
		err := t.Row(d.From.Format(time.DateOnly), strconv.Itoa(d.Arrived), strconv.Itoa(d.Closed), strconv.Itoa(d.Open), strconv.Itoa(d.Breached))
		if err != nil {
			return err
		}
	}
	return t.Flush()
}

func writeOffices(w http.ResponseWriter, italian bool, o *overview.Overview, offices map[int]*ent.Office) error {
	headers := []string{
		"Office", "Arrived", "Closed", "Breached", "Assigned", "Hours to assign (median)", "Hours to assign (90th percentile)",
		"Hours to close (median)", "Hours to close (90th percentile)",
	}
	if italian {
		headers = []string{
			"Ufficio", "Arrivate", "Evase", "Termini scaduti", "Assegnate", "Ore per assegnare (mediana)", "Ore per assegnare (90° percentile)",
			"Ore per evadere (mediana)", "Ore per evadere (90° percentile)",
		}
	}
	t := export.NewTable(w, headers...)
	for _, f := range o.Offices {
		if offices[f.ID] == nil {
			continue
		}
		err := t.Row(offices[f.ID].Name, strconv.Itoa(f.Arrived), strconv.Itoa(f.Closed), strconv.Itoa(f.Breached), strconv.Itoa(f.ToAssign.Count),
			hoursOf(f.ToAssign, f.ToAssign.Median), hoursOf(f.ToAssign, f.ToAssign.P90),
			hoursOf(f.ToClose, f.ToClose.Median), hoursOf(f.ToClose, f.ToClose.P90))
		if err != nil {
			return err
		}
	}
	return t.Flush()
}

// hoursOf is empty where nothing took any time.
func hoursOf(p overview.Pace, hours int) string {
	if p.Count == 0 {
		return ""
	}
	return strconv.Itoa(hours)
}
