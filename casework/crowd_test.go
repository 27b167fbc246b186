package casework_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	"github.com/smista/smista/ent/inquiry"
	"github.com/smista/smista/ent/membership"
	"github.com/smista/smista/event"
	"github.com/smista/smista/staff"
)

const (
	crowdSorters = 100
	crowdHeads   = 100 // of four offices
	crowdCases   = 50
	crowdActs    = 4 // of each
)

// TestACrowdOnFewCases lets two hundred people work on fifty cases at the same
// time. Every refusal says why; and the register, played again, gives exactly
// what stands in the tables.
func TestACrowdOnFewCases(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	each(t, func(t *testing.T, h *hall) {
		c := newCrowd(h)
		before, seq := c.rows(), h.last()
		require.Len(t, before, crowdCases)

		begun := time.Now()
		var all sync.WaitGroup
		for i, name := range c.people {
			luck, ctx := rand.New(rand.NewPCG(seed, uint64(i))), h.as(name)
			all.Go(func() {
				for range crowdActs {
					c.act(ctx, luck)
				}
			})
		}
		all.Wait()
		t.Logf("%d acts done, %d refused in %s", c.done.Load(), c.refused.Load(), time.Since(begun))
		require.Greater(t, c.done.Load(), int32(100))
		require.Positive(t, c.refused.Load())

		model := newRegister(before)
		for _, e := range h.since(seq) {
			require.NoError(t, model.apply(e), "event %d, %s of case %d", e.Seq, e.Kind, e.Case)
		}
		require.Equal(t, newRegister(c.rows()), model, "the register says what the tables say")
		require.Equal(t, h.recount(), h.tallies())
	})
}

// crowd is many people and few cases.
type crowd struct {
	*hall
	people        []string
	cases         []int
	done, refused atomic.Int32
}

func newCrowd(h *hall) *crowd {
	c := &crowd{hall: h}
	offices := []string{tributi, edilizia, ragione, anagrafe}
	h.write(func(ctx context.Context, tx *ent.Tx) {
		for i := range crowdSorters {
			c.join(ctx, tx, fmt.Sprintf("sorter%03d", i), "")
		}
		for i := range crowdHeads {
			c.join(ctx, tx, fmt.Sprintf("head%03d", i), offices[i%len(offices)])
		}
		for i := range crowdCases {
			office := offices[i%len(offices)]
			p := []place{atDesk(), at(office), with(office, fmt.Sprintf("head%03d", i%len(offices))), {casefile.StatusClosed, office, ""},
				{casefile.StatusAnswering, office, fmt.Sprintf("head%03d", i%len(offices))}}[i/len(offices)%5]
			c.cases = append(c.cases, h.put(ctx, tx, p).ID)
		}
	})
	return c
}

func (c *crowd) join(ctx context.Context, tx *ent.Tx, name, office string) {
	id := c.hire(ctx, tx, name, staff.Roles{Sorter: office == ""})
	if office != "" {
		tx.Membership.Create().SetUserID(id).SetOfficeID(c.offices[office]).SetRole(membership.RoleHead).ExecX(ctx)
	}
	c.people = append(c.people, name)
}

func (c *crowd) rows() []*ent.CaseFile {
	c.t.Helper()
	rows, err := c.db.Client().CaseFile.Query().Order(casefile.ByID()).All(system())
	require.NoError(c.t, err)
	return rows
}

// act lets a person look at some case and do something with it: mostly what is
// offered, now and then anything.
func (c *crowd) act(ctx context.Context, luck *rand.Rand) {
	sub := subject{id: c.cases[luck.IntN(len(c.cases))], other: c.cases[luck.IntN(len(c.cases))]}
	cmds := casework.Commands()
	on, other := casework.On{Case: sub.id, Version: 1}, casework.On{Case: sub.other, Version: 1}
	if row, err := c.db.Client().CaseFile.Get(ctx, sub.id); err == nil {
		on.Version = row.Version
		if offered := casework.MayDo(person(ctx), row, c.now()); luck.IntN(10) > 0 {
			cmds = offered
		}
	}
	if row, err := c.db.Client().CaseFile.Get(ctx, sub.other); err == nil {
		other.Version = row.Version
	}
	if id, err := c.db.Client().Inquiry.Query().Where(inquiry.CaseID(sub.id)).FirstID(ctx); err == nil {
		sub.inquiry = id
	}
	if len(cmds) == 0 {
		return
	}
	cmd := cmds[luck.IntN(len(cmds))]
	c.came(cmd, c.randomly(ctx, luck, cmd, sub, on, other))
}

// randomly carries out a command, to some office or person.
func (c *crowd) randomly(ctx context.Context, luck *rand.Rand, cmd casework.Command, sub subject, on, other casework.On) error {
	priority := []casefile.Priority{casefile.PriorityLow, casefile.PriorityNormal, casefile.PriorityHigh, casefile.PriorityUrgent}[luck.IntN(4)]
	switch cmd {
	case casework.Sort:
		office := []string{tributi, edilizia, ragione, anagrafe}[luck.IntN(4)]
		return c.Sort(ctx, on, casework.SortTo{Office: c.offices[office], Priority: &priority})
	case casework.Prioritise:
		return c.SetPriority(ctx, on, priority)
	case casework.Assign:
		return c.Assign(ctx, on, c.hall.people[fmt.Sprintf("head%03d", luck.IntN(crowdHeads))], "per prova")
	}
	return c.command(ctx, cmd, sub, on, other)
}

// came notes what came of a command.
func (c *crowd) came(cmd casework.Command, err error) {
	refused, ok := errors.AsType[*casework.Refused](err)
	switch {
	case err == nil:
		c.done.Add(1)
	case ok && refused.Code != "" && refused.Italian != "" && refused.English != "":
		c.refused.Add(1)
	default:
		c.t.Errorf("%s fails: %v", cmd, err)
	}
}

// register is what the events say of the cases: a model that knows nothing of
// how it is done.
type register map[int]file

type file struct {
	status, priority          string
	office, assignee, version int
	holder, into              int
	reserved                  bool
}

func newRegister(rows []*ent.CaseFile) register {
	r := register{}
	for _, c := range rows {
		r[c.ID] = file{
			status: string(c.Status), priority: string(c.Priority), office: value(c.OfficeID), assignee: value(c.AssigneeID),
			version: c.Version, holder: value(c.ClaimedByID), into: value(c.MergedIntoID), reserved: c.Reserved,
		}
	}
	return r
}

// apply plays one event. It is wrong when it does not follow from what was
// before, or leaves out a version.
func (r register) apply(e event.Event) error {
	f, known := r[e.Case]
	if !known {
		return errors.New("it is about no case")
	}
	raised := true
	switch e.Kind {
	case event.CaseSorted:
		if e.FromOffice != f.office {
			return fmt.Errorf("it left office %d, and was with %d", e.FromOffice, f.office)
		}
		f.status, f.office, f.holder = "TO_ASSIGN", e.Office, 0
	case event.CaseTakenBack, event.CaseReturned:
		if e.FromOffice != f.office || e.FromPerson != f.assignee {
			return errors.New("it left somebody who did not have it")
		}
		f.status, f.office, f.assignee, f.holder = "TO_SORT", 0, 0, 0
	case event.CaseAssigned:
		if e.FromPerson != f.assignee {
			return errors.New("it left somebody who did not have it")
		}
		f.assignee, f.holder = e.Person, 0
		if f.status != "ANSWERING" { // the answer stays on its way
			f.status = "IN_PROGRESS"
		}
	case event.CaseUnassigned:
		if e.FromPerson != f.assignee {
			return errors.New("it left somebody who did not have it")
		}
		f.status, f.assignee, f.holder = "TO_ASSIGN", 0, 0
	case event.CaseClosed:
		f.status, f.holder = "CLOSED", 0
	case event.CaseReopened:
		f.status = e.Details.To
	case event.CasePriorityChanged:
		if e.Details.From != f.priority {
			return fmt.Errorf("it was %s", f.priority)
		}
		f.priority, raised = e.Details.To, e.Details.Version != f.version // by sorting: one version with it
	case event.CaseReserved, event.CaseUnreserved:
		f.reserved = e.Kind == event.CaseReserved
	case event.CaseMerged:
		if e.Details.To == "MERGED" {
			f.status, f.into, f.holder = "MERGED", e.Details.Of, 0
		}
	case event.CaseUnmerged:
		if e.Details.From == "MERGED" {
			f.status, f.into = e.Details.To, 0
		}
	case event.CaseInformed:
	default:
		raised = false
		f.holder = holder(f.holder, e)
	}
	if raised {
		f.version++
	}
	if raised && e.Details.Version != f.version {
		return fmt.Errorf("it makes version %d after %s", e.Details.Version, strconv.Itoa(f.version-1))
	}
	r[e.Case] = f
	return nil
}

// holder is who has taken charge after an event.
func holder(was int, e event.Event) int {
	switch e.Kind {
	case event.CaseClaimed:
		return e.Person
	case event.CaseReleased:
		return 0
	}
	return was
}
