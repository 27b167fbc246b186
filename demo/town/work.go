package town

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/demo"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/office"
	entreply "github.com/smista/smista/ent/reply"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/reply"
)

// Shift is people of the town hall at work.
type Shift struct {
	Town

	r    *rand.Rand
	list []Person
}

// NewShift puts people to work; the same seed lets them choose alike.
func (t Town) NewShift(people []Person, seed uint64) *Shift {
	return &Shift{Town: t, r: rand.New(rand.NewPCG(seed, 2)), list: people}
}

// keep is how many cases of a status an office has before its people go on.
const keep = 3

// Run works until ctx ends: fast until every office has cases in every status,
// then at the pace of the story.
func (w *Shift) Run(ctx context.Context, every time.Duration, log *slog.Logger) {
	pause := 200 * time.Millisecond
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		complete, err := w.step(ctx)
		if complete {
			pause = every
		}
		if _, refused := errors.AsType[*casework.Refused](err); err != nil && !refused && ctx.Err() == nil {
			log.Error("the people of the demo stopped working", "error", err)
			return
		}
	}
}

// as lets somebody act, with the rights of this moment.
func (w *Shift) as(ctx context.Context, p Person) (context.Context, error) {
	_, v, err := w.Staff.AuthenticateToken(ctx, p.Token)
	return guard.NewContext(ctx, v), err
}

// who picks somebody of a role, of an office unless it is empty.
func (w *Shift) who(role, code string) Person {
	var some []Person
	for _, p := range w.list {
		if p.Role == role && (code == "" || slices.Contains(p.Offices, code)) {
			some = append(some, p)
		}
	}
	return some[w.r.IntN(len(some))]
}

// works tells whether the town's people work in an office: one that a visitor made is the visitor's.
func (w *Shift) works(code string) bool {
	return slices.ContainsFunc(w.list, func(p Person) bool { return slices.Contains(p.Offices, code) })
}

// step lets one thing happen in each office; true when each has all statuses.
func (w *Shift) step(ctx context.Context) (bool, error) {
	ctx = guard.NewContext(ctx, guard.System("demo"))
	offices, err := w.Client.Office.Query().Order(office.ByID()).All(ctx)
	if err != nil {
		return false, err
	}
	complete := true
	for _, o := range offices {
		if !w.works(o.Code) {
			continue
		}
		full, err := w.inOffice(ctx, o)
		if _, refused := errors.AsType[*casework.Refused](err); err != nil && !refused {
			return false, err
		}
		complete = complete && full && err == nil
	}
	return complete, nil
}

// inOffice does what an office lacks most.
func (w *Shift) inOffice(ctx context.Context, o *ent.Office) (bool, error) {
	have := map[casefile.Status][]*ent.CaseFile{}
	for _, s := range []casefile.Status{
		casefile.StatusToAssign, casefile.StatusInProgress, casefile.StatusAnswering, casefile.StatusClosed, casefile.StatusMerged,
	} {
		rows, err := w.Client.CaseFile.Query().Where(casefile.OfficeID(o.ID), casefile.StatusEQ(s)).
			Order(casefile.ByReceivedAt(), casefile.ByID()).Limit(keep + 1).All(ctx)
		if err != nil {
			return false, err
		}
		have[s] = rows
	}
	waiting, working := have[casefile.StatusToAssign], have[casefile.StatusInProgress]
	switch {
	case len(waiting) < 2:
		return false, w.sort(ctx, o)
	case len(working) == 0 || len(waiting) > keep:
		return false, w.assign(ctx, o, waiting[0])
	case len(have[casefile.StatusAnswering]) == 0:
		return false, w.answer(ctx, o, working[0], demo.Slow) // it waits for that one
	case len(have[casefile.StatusClosed]) == 0 || len(working) > keep && w.r.IntN(2) == 0:
		return false, w.close(ctx, o, working[0])
	case len(working) > keep:
		return false, w.answer(ctx, o, working[0])
	case len(have[casefile.StatusMerged]) == 0:
		return false, w.merge(ctx, o, waiting[0], waiting[1])
	}
	return true, w.talk(ctx, o, working[0])
}

func seen(c *ent.CaseFile) casework.On { return casework.On{Case: c.ID, Version: c.Version} }

// sort sends the oldest case at the desk to an office that has little to do,
// as long as the desk keeps some.
func (w *Shift) sort(ctx context.Context, o *ent.Office) error {
	rows, err := w.Client.CaseFile.Query().Where(casefile.StatusEQ(casefile.StatusToSort)).
		Order(casefile.ByReceivedAt(), casefile.ByID()).Limit(2 * keep).All(ctx)
	if err != nil || len(rows) < keep {
		return err
	}
	ctx, err = w.as(ctx, w.who("sorter", ""))
	if err != nil {
		return err
	}
	return w.Work.Sort(ctx, seen(rows[0]), casework.SortTo{Office: o.ID, Note: "per competenza"})
}

func (w *Shift) assign(ctx context.Context, o *ent.Office, c *ent.CaseFile) error {
	operator, err := w.as(ctx, w.who("operator", o.Code))
	if err != nil {
		return err
	}
	v, _ := guard.From(operator)
	p, _ := v.Person()
	ctx, err = w.as(ctx, w.who("head", o.Code))
	if err != nil {
		return err
	}
	return w.Work.Assign(ctx, seen(c), p.ID, "")
}

func (w *Shift) close(ctx context.Context, o *ent.Office, c *ent.CaseFile) error {
	ctx, err := w.as(ctx, w.who("head", o.Code))
	if err != nil {
		return err
	}
	outcomes := []casefile.Outcome{casefile.OutcomeNoAnswerNeeded, casefile.OutcomeAnsweredElsewhere, casefile.OutcomeNotCompetent}
	return w.Work.Close(ctx, seen(c), outcomes[w.r.IntN(len(outcomes))], "evasa")
}

// answer writes to whoever wrote, and sends it off; a case of which nothing can
// be answered is closed instead.
func (w *Shift) answer(ctx context.Context, o *ent.Office, c *ent.CaseFile, copies ...string) error {
	m, err := w.Client.Message.Query().Where(message.CaseID(c.ID), message.DirectionEQ(message.DirectionIncoming), message.KindEQ(pec.Envelope)).
		Order(message.ByID()).First(ctx)
	if ent.IsNotFound(err) {
		return w.close(ctx, o, c)
	}
	if err != nil {
		return err
	}
	if ctx, err = w.as(ctx, w.who("head", o.Code)); err != nil {
		return err
	}
	id, err := w.Replies.Start(ctx, c.ID, m.ID, entreply.MannerReply)
	if err != nil {
		return err
	}
	r, err := w.Client.Reply.Get(ctx, id)
	if err != nil {
		return err
	}
	say := reply.Content{
		Mailbox: r.MailboxID, To: r.To, Subject: r.Subject, Receipt: r.Receipt, Concludes: true,
		HTML: "<p>Buongiorno,</p><p>la richiesta è stata <b>accolta</b>. Cordiali saluti.</p>" + r.HTML,
	}
	for _, a := range copies {
		say.Cc = append(say.Cc, pec.Address{Address: a})
	}
	if err := w.Replies.Save(ctx, reply.On{Reply: id, Version: r.Version}, say); err != nil {
		return err
	}
	return w.Replies.Send(ctx, reply.On{Reply: id, Version: r.Version + 1}, true)
}

func (w *Shift) merge(ctx context.Context, o *ent.Office, c, into *ent.CaseFile) error {
	ctx, err := w.as(ctx, w.who("head", o.Code))
	if err != nil {
		return err
	}
	return w.Work.Merge(ctx, seen(c), seen(into), "stessa questione")
}

// talk lets the desk and the office exchange a word now and then.
func (w *Shift) talk(ctx context.Context, o *ent.Office, c *ent.CaseFile) error {
	role, code := "sorter", ""
	what := w.r.IntN(20)
	if what < 2 {
		role, code = "head", o.Code
	}
	ctx, err := w.as(ctx, w.who(role, code))
	if err != nil {
		return err
	}
	switch what {
	case 0:
		return w.Work.AddNote(ctx, c.ID, "Sentita la parte per telefono: invierà i documenti mancanti.")
	case 1:
		return w.Work.SetPriority(ctx, seen(c), casefile.PriorityHigh)
	case 2:
		return w.Work.Remind(ctx, c.ID, "Si sollecita la trattazione della pratica.")
	case 3:
		return w.Work.Follow(ctx, c.ID)
	}
	return nil
}
