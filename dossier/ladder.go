package dossier

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/smista/smista/deadline"
	"github.com/smista/smista/ent"
)

// Step is one step of the ladder of reminders (scala dei solleciti): when, and
// to whom.
type Step struct {
	// At is a fraction of the working time of the term ("0.5"), "breach", or after
	// that "every 4 working hours" until somebody acts.
	At string   `json:"at" toml:"at"`
	To []string `json:"to" toml:"to"` // of "operator", "head", "desk"
}

// The recipients of a step.
const (
	ToOperator = "operator"
	ToHead     = "head"
	ToDesk     = "desk"
)

// DefaultLadder holds for an office that says nothing else.
func DefaultLadder() []Step {
	return []Step{
		{At: "0.5", To: []string{ToOperator}},
		{At: "0.8", To: []string{ToOperator, ToHead}},
		{At: "breach", To: []string{ToOperator, ToHead, ToDesk}},
		{At: "every 8 working hours", To: []string{ToOperator, ToHead}},
	}
}

// mostRepeats bounds how often the last step is repeated.
const mostRepeats = 30

// CheckLadder tells what is wrong with a ladder.
func CheckLadder(ladder []Step) error {
	last := -1.0
	for i, s := range ladder {
		fraction, every, err := s.parse()
		if err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		if every > 0 && i != len(ladder)-1 {
			return fmt.Errorf("step %d: only the last step repeats itself", i+1)
		}
		if every == 0 && fraction <= last {
			return fmt.Errorf("step %d: it comes before the one above it", i+1)
		}
		if every == 0 {
			last = fraction
		}
		if len(s.To) == 0 {
			return fmt.Errorf("step %d: nobody is reminded: say to = [\"operator\"]", i+1)
		}
		for _, to := range s.To {
			if to != ToOperator && to != ToHead && to != ToDesk {
				return fmt.Errorf("step %d: %q is nobody: write operator, head or desk", i+1, to)
			}
		}
	}
	return nil
}

// parse gives the fraction of the term, 1 for the breach, or the working time
// between repetitions.
func (s Step) parse() (fraction float64, every time.Duration, err error) {
	if s.At == "breach" {
		return 1, 0, nil
	}
	if text, ok := strings.CutPrefix(s.At, "every "); ok {
		a, err := deadline.ParseAmount(text)
		if err != nil || a.Unit != deadline.WorkingHours {
			return 0, 0, fmt.Errorf("%q: write it as every 4 working hours", s.At)
		}
		return 1, time.Duration(a.N) * time.Hour, nil
	}
	fraction, err = strconv.ParseFloat(s.At, 64)
	if err != nil || fraction <= 0 || fraction >= 1 {
		return 0, 0, fmt.Errorf("%q: write a fraction of the term (0.5), breach, or every 4 working hours", s.At)
	}
	return fraction, 0, nil
}

// when is the moment of the n-th step, counted from 0, repetitions included;
// false when there is none.
func (h habits) when(n int, t *ent.Term, due time.Time) (time.Time, bool) {
	stops, err := suspensions(t)
	if len(h.ladder) == 0 || err != nil || due.Equal(Never) {
		return Never, false
	}
	i := min(n, len(h.ladder)-1)
	fraction, every, err := h.ladder[i].parse()
	switch {
	case err != nil || n > i && every == 0 || n-i >= mostRepeats:
		return Never, false
	case every == 0:
		return h.calendar.At(t.StartedAt, due, fraction, stops...), true
	}
	at, err := h.calendar.Add(due, time.Duration(n-i+1)*every)
	return at, err == nil
}

// to is whom the n-th step reminds.
func (h habits) to(n int) []string { return h.ladder[min(n, len(h.ladder)-1)].To }

// Planned is a step of the ladder of a term: when it comes, whom it reminds, and
// how often it comes again ("8 working hours"; empty for once).
type Planned struct {
	At    time.Time
	To    []string
	Every string
}

// plan is the ladder of a term that ends at due. A step that repeats itself stands
// there once.
func (h habits) plan(t *ent.Term, due time.Time) []Planned {
	var plan []Planned
	for n, s := range h.ladder {
		at, ok := h.when(n, t, due)
		if !ok {
			break
		}
		every, repeats := strings.CutPrefix(s.At, "every ")
		if !repeats {
			every = ""
		}
		plan = append(plan, Planned{At: at, To: s.To, Every: every})
	}
	return plan
}
