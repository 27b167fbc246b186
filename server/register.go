package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/smista/smista/event"
	"github.com/smista/smista/event/export"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
)

// registerPath hands out the register for other programs, as CSV or JSON Lines.
const registerPath = "/api/v1/register."

// exporter writes records in some form.
type exporter interface {
	Write(r export.Record) error
	Flush() error
}

// exported answers with the part of the register that the viewer sees and the
// query asks for: from and before are moments, kind, case, office, mailbox and
// person can be given more than once. A break of the answer is an error on the
// way: what has begun is not taken for the whole.
func exported(resolver *graph.Resolver, csv bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		filter, err := filterOf(r.URL.Query())
		if err != nil {
			refuse(w, r, http.StatusBadRequest, err.English)
			return
		}
		out := &patient{ResponseWriter: w, deadline: http.NewResponseController(w)}
		var form exporter = export.NewJSONLines(out)
		kind, name := "application/jsonl; charset=utf-8", "registro.jsonl"
		if csv {
			form = export.NewCSV(out, graph.RequestFrom(r.Context()).Language == "it")
			kind, name = "text/csv; charset=utf-8", "registro.csv"
		}
		begun := false
		begin := func() {
			begun = true
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Disposition", disposition(name))
			w.Header().Set("Cache-Control", "no-store")
		}
		failure := resolver.Export(r.Context(), filter, begin, form.Write)
		if failure == nil {
			failure = form.Flush()
		}
		if failure == nil {
			return
		}
		resolver.Logger.ErrorContext(r.Context(), "an export failed", "request", graph.RequestFrom(r.Context()).ID, "error", failure)
		if begun {
			panic(http.ErrAbortHandler) //nolint:forbidigo // net/http ends the connection by it
		}
		refuseAs(w, r, http.StatusInternalServerError, model.Failure())
	})
}

// filterOf reads a query string as the filter of the API.
func filterOf(q url.Values) (*model.EventFilter, *model.Error) {
	f := &model.EventFilter{}
	for name, values := range q {
		var err *model.Error
		switch name {
		case "from":
			f.From, err = momentOf(name, values[0])
		case "before":
			f.Before, err = momentOf(name, values[0])
		case "kind":
			f.Kinds, err = kindsOf(values)
		case "case":
			f.CaseIds = idsOf(values)
		case "office":
			f.OfficeIds = idsOf(values)
		case "mailbox":
			f.MailboxIds = idsOf(values)
		case "person":
			f.PersonIds = idsOf(values)
		default:
			err = model.Invalid("there is no %q here: from, before, kind, case, office, mailbox, person", name)
		}
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

func momentOf(name, text string) (*time.Time, *model.Error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, model.Invalid("%s is a moment such as 2026-11-22T00:00:00+01:00", name)
	}
	return &t, nil
}

// kindsOf reads kinds as the API writes them.
func kindsOf(names []string) ([]event.Kind, *model.Error) {
	var kinds []event.Kind
	for _, name := range names {
		k := event.Kind(strings.ToLower(strings.ReplaceAll(name, "_", "-")))
		if !slices.Contains(event.Kinds(), k) {
			return nil, model.Invalid("there is no kind of event %q", name)
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}

func idsOf(texts []string) []model.GlobalID {
	ids := make([]model.GlobalID, len(texts))
	for i, text := range texts {
		ids[i] = model.ParseID(text)
	}
	return ids
}
