package store_test

import (
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/guard"
)

// rowsWorld is a small world of rows that point at each other by chance, some in
// each table.
type rowsWorld struct {
	t    *testing.T
	raw  *sql.DB // sees all
	luck *rand.Rand
	now  time.Time
}

const (
	worldOffices, worldUsers, worldMailboxes, worldCases, worldMessages, worldEvents = 5, 8, 3, 40, 60, 120
	worldReplies                                                                     = 60
	worldUnmerged                                                                    = 32 // the cases after these are merged into one of these
)

func (w *rowsWorld) one(n int) int         { return 1 + w.luck.IntN(n) }
func (w *rowsWorld) chance(p float64) bool { return w.luck.Float64() < p }

// perhaps is a number up to n, or null.
func (w *rowsWorld) perhaps(p float64, n int) any {
	if w.chance(p) {
		return w.one(n)
	}
	return nil
}

func (w *rowsWorld) insert(table string, row map[string]any) {
	columns := slices.Sorted(maps.Keys(row))
	var values []any
	var marks []string
	for i, c := range columns {
		values, marks = append(values, row[c]), append(marks, fmt.Sprint("$", i+1))
		columns[i] = `"` + c + `"`
	}
	query := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING", table, strings.Join(columns, ", "), strings.Join(marks, ", "))
	_, err := w.raw.ExecContext(w.t.Context(), query, values...)
	require.NoError(w.t, err, query)
}

// fill writes the world.
func (w *rowsWorld) fill() {
	w.configuration()
	w.cases()
	w.mail()
	w.replies()
	w.people()
}

func (w *rowsWorld) configuration() {
	for i := 1; i <= worldOffices; i++ {
		w.insert("offices", map[string]any{"id": i, "code": fmt.Sprint(i), "name": "Ufficio", "head_sees_below": true, "operators_see_own": false, "operators_may_take": true, "reason_to_move": false})
	}
	for i := 1; i <= worldUsers; i++ {
		w.insert("users", map[string]any{"id": i, "email": fmt.Sprint(i), "name": "Persona", "created_at": w.now})
	}
	for i := 1; i <= worldMailboxes; i++ {
		w.insert("mailboxes", map[string]any{"id": i, "address": fmt.Sprint(i), "office_id": w.perhaps(0.5, worldOffices)})
		w.insert("folders", map[string]any{"id": i, "mailbox_id": i, "name": "INBOX"})
		w.insert("routing_rules", map[string]any{"id": i, "name": fmt.Sprint(i), "condition": "{}", "office_id": w.one(worldOffices), "removed_at": w.now})
		w.insert("rule_versions", map[string]any{
			"rule_id": i, "number": 1, "author_id": w.one(worldUsers), "saved_at": w.now, "how": "added", "name": "x", "priority": 1, "condition": "{}",
			"office_id": w.one(worldOffices), "enabled": true,
		})
		w.insert("deadline_policies", map[string]any{"scope": "office", "scope_id": i, "kind": "WORK", "amount": "30d"})
		w.insert("closures", map[string]any{"office_id": i, "name": "ponte", "from_day": "2026-12-07", "to_day": "2026-12-07"})
		w.insert("patron_days", map[string]any{"scope_id": i, "day": "12-07"})
		w.insert("credentials", map[string]any{"mailbox_id": i, "sealed": []byte("x"), "set_at": w.now, "sealed_at": w.now})
		w.insert("throttles", map[string]any{"key": fmt.Sprint(i), "last_at": w.now, "blocked_until": w.now})
	}
	w.insert("case_counters", map[string]any{"id": 2026})
	w.insert("push_keys", map[string]any{"id": 1, "sealed": []byte("x"), "made_at": w.now})
	w.insert("leases", map[string]any{"name": "x"})
	w.insert("log_heads", map[string]any{"id": 1, "epoch": "x"})
}

func (w *rowsWorld) cases() {
	for i := 1; i <= worldCases; i++ {
		var into any
		if i > worldUnmerged {
			into = w.one(worldUnmerged)
		}
		w.insert("case_files", map[string]any{
			"id": i, "number": fmt.Sprint(i), "route_reason": "-", "received_at": w.now, "changed_at": w.now, "due_at": w.now,
			"office_id": w.perhaps(0.8, worldOffices), "assignee_id": w.perhaps(0.6, worldUsers), "reserved": w.chance(0.3), "merged_into_id": into,
		})
	}
	for range worldCases {
		c := w.one(worldCases)
		w.insert("case_offices", map[string]any{"case_id": c, "office_id": w.one(worldOffices)})
		w.insert("case_readers", map[string]any{
			"case_id": w.one(worldCases), "user_id": w.one(worldUsers), "kind": []string{"named", "glass"}[w.luck.IntN(2)],
			"until": w.now.Add(time.Duration(w.luck.IntN(9)-4) * time.Hour),
		})
		w.insert("case_followers", map[string]any{"case_id": c, "user_id": w.one(worldUsers)})
		w.insert("case_lookers", map[string]any{"case_id": c, "user_id": w.one(worldUsers), "until": w.now})
		w.insert("notes", map[string]any{"case_id": c, "author_id": w.one(worldUsers), "text": "annotazione", "written_at": w.now})
		w.insert("inquiries", map[string]any{"case_id": c, "office_id": w.one(worldOffices), "kind": "SOLLECITO", "asked_by_id": w.one(worldUsers), "asked_at": w.now, "text": "?"})
		w.insert("case_merges", map[string]any{"case_id": c, "into_id": w.one(worldCases), "messages": "[]", "status": "TO_SORT", "merged_by_id": 1, "merged_at": w.now})
		w.insert("terms", map[string]any{"case_id": c, "kind": "WORK", "amount": "30d", "policy": "-", "started_at": w.now, "due_at": w.now, "soon_at": w.now, "next_at": w.now})
	}
}

func (w *rowsWorld) mail() {
	for i := 1; i <= worldMessages; i++ {
		w.insert("messages", map[string]any{
			"id": i, "digest": fmt.Sprint(i), "size": 1, "direction": "incoming", "kind": "x", "verdict": "x", "evidence": "{}", "received_at": w.now, "archived_at": w.now,
			"case_id": w.perhaps(0.7, worldCases), "kept_by_id": w.perhaps(0.6, worldOffices),
		})
		w.insert("attachments", map[string]any{"message_id": w.one(i), "position": i, "media_type": "text/plain", "size": 1, "sha256": "x", "section": "1"})
		w.insert("deliveries", map[string]any{"message_id": w.one(i), "mailbox_id": w.one(worldMailboxes), "received_at": w.now})
		w.insert("ledger_entries", map[string]any{"folder_id": w.one(worldMailboxes), "uid_validity": 1, "uid": i, "changed_at": w.now, "message_id": i})
	}
	for i := 1; i <= worldEvents; i++ {
		actor := "system:collector"
		if w.chance(0.3) {
			actor = fmt.Sprint("person:", w.one(worldUsers))
		}
		w.insert("events", map[string]any{
			"id": i, "kind": "x", "occurred_at": w.now, "actor": actor, "case_id": w.perhaps(0.5, worldCases), "message_id": w.perhaps(0.3, worldMessages),
			"mailbox_id": w.perhaps(0.2, worldMailboxes), "office_id": w.perhaps(0.2, worldOffices), "from_office_id": w.perhaps(0.1, worldOffices),
			"person_id": w.perhaps(0.2, worldUsers), "from_person_id": w.perhaps(0.1, worldUsers),
		})
	}
}

// replies writes what people write: on cases, and to begin with.
func (w *rowsWorld) replies() {
	for i := 1; i <= worldReplies; i++ {
		c := w.one(worldCases)
		part := func(more map[string]any) map[string]any {
			more["case_id"], more["reply_id"] = c, i
			return more
		}
		w.insert("replies", map[string]any{
			"id": i, "case_id": c, "manner": "NEW", "mailbox_id": w.one(worldMailboxes), "author_id": w.one(worldUsers), "created_at": w.now,
			"edited_by_id": w.one(worldUsers), "edited_at": w.now, "send_at": w.now, "outgoing_id": w.perhaps(0.5, worldMessages),
		})
		w.insert("reply_files", part(map[string]any{"name": "x", "media_type": "text/plain", "size": 1, "sha256": "x", "added_by_id": w.one(worldUsers), "added_at": w.now}))
		w.insert("reply_versions", part(map[string]any{"number": 1, "saved_by_id": w.one(worldUsers), "begun_at": w.now, "saved_at": w.now, "content": "{}"}))
		w.insert("reply_approvals", part(map[string]any{"step": 1, "decided_by_id": w.one(worldUsers), "decided_at": w.now, "approved": true, "content_hash": "x"}))
		w.insert("reply_editors", part(map[string]any{"user_id": w.one(worldUsers), "until": w.now}))
	}
	for i := range worldReplies {
		w.insert("recipients", map[string]any{"message_id": w.one(worldMessages), "address": fmt.Sprint(i), "look_at": w.now})
		of := map[string]any{"kind": "TEXT", "name": "x", "changed_at": w.now, "office_id": w.perhaps(0.4, worldOffices)}
		if of["office_id"] == nil {
			of["user_id"] = w.perhaps(0.7, worldUsers)
		}
		w.insert("templates", of)
	}
}

func (w *rowsWorld) people() {
	for i := range 3 * worldUsers {
		u := w.one(worldUsers)
		w.insert("memberships", map[string]any{"user_id": u, "office_id": w.one(worldOffices), "role": "OPERATOR"})
		w.insert("absences", map[string]any{"user_id": u, "delegate_id": w.one(worldUsers), "from": w.now, "until": w.now, "created_at": w.now})
		w.insert("api_tokens", map[string]any{"user_id": u, "name": "x", "digest": fmt.Sprint(i), "scopes": "[]", "created_at": w.now, "expires_at": w.now})
		w.insert("push_subscriptions", map[string]any{"user_id": u, "endpoint": fmt.Sprint(i), "p256dh": "x", "auth": "x", "label": "x", "created_at": w.now})
		w.insert("sessions", map[string]any{"user_id": u, "digest": fmt.Sprint(i), "created_at": w.now, "seen_at": w.now, "expires_at": w.now})
		w.insert("notices", map[string]any{
			"key": fmt.Sprint(i), "user_id": u, "kind": "x", "item": "{}", "created_at": w.now, "send_at": w.now,
			"state": []string{"waiting", "failed"}[w.luck.IntN(2)], "case_id": w.perhaps(0.5, worldCases),
		})
		w.insert("tallies", map[string]any{"office": w.luck.IntN(worldOffices + 1), "person": w.luck.IntN(worldUsers + 1), "mailbox": 0, "status": "TO_SORT", "urgency": "NONE"})
	}
}

// person is somebody with rights by chance.
func (w *rowsWorld) person() guard.Person {
	offices := func() (ids []int) {
		for i := 1; i <= worldOffices; i++ {
			if w.chance(0.2) {
				ids = append(ids, i)
			}
		}
		return ids
	}
	acts := offices()
	heads := slices.Concat(acts, offices())
	slices.Sort(heads)
	scopes := []guard.Scope{guard.All, guard.All, guard.Read, guard.Read | guard.Content, guard.Content | guard.Write}
	return guard.Person{
		ID: w.one(worldUsers), Sorter: w.chance(0.15), Administrator: w.chance(0.15), Auditor: w.chance(0.15),
		Acts: acts, Heads: slices.Compact(heads), Operates: offices(), Owns: offices(), Inherits: offices(), Scopes: scopes[w.luck.IntN(len(scopes))],
	}
}
