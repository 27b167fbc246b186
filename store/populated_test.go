package store_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/routingrule"
	"github.com/smista/smista/store"
	"github.com/smista/smista/store/storetest"
)

// old is an office as the first version of the schema kept it; the statements
// are understood by both databases.
//
//   - Mailbox 1 is that of office 1, mailbox 2 of none.
//   - Case 1 came to both, first to mailbox 2, and was answered; case 2 was
//     imported without a mailbox; case 3 waits at the desk.
//   - Person 7 of the desk sent case 1 where it is; case 4 came back and was routed.
//   - Message 6 is in no case, and stood in the mailbox of office 1.
func old() []string {
	const at = "'2026-03-01 12:00:00.123456+00:00'"
	statements := []string{
		"INSERT INTO offices (id, code, name) VALUES (1, 'tributi', 'Tributi'), (2, 'anagrafe', 'Anagrafe “è”')",
		"INSERT INTO routing_rules (id, name, priority, condition, enabled, office_id) VALUES (1, 'IMU', 7, '{\"subject\": \"IMU\"}', false, 2)",
		"INSERT INTO mailboxes (id, address, health, office_id) VALUES (1, 'tributi@pec.it', 'ok', 1), (2, 'protocollo@pec.it', 'never', NULL)",
		"INSERT INTO folders (id, name, mailbox_id, uid_validity, sent) VALUES (1, 'INBOX', 1, 4294967295, false), (2, 'Sent', 2, 7, true)",
		"INSERT INTO case_counters (id, last) VALUES (2026, 4)",
		"INSERT INTO log_heads (id, epoch, last) VALUES (1, 'epoca', 9)",
	}
	for _, c := range []string{
		"1, '2026/000001', 'TO_ASSIGN', 'Oggetto', 'Ditta', 'ditta@pec.it', 'regola', 'x:1', %[1]s, %[1]s, 3, 1, 1",
		"2, '2026/000002', 'TO_ASSIGN', NULL, '', NULL, 'casella', NULL, %[1]s, %[1]s, 1, 1, NULL",
		"3, '2026/000003', 'TO_SORT', '', '', '', 'nessuna regola', 'x:3', %[1]s, %[1]s, 1, NULL, NULL",
		"4, '2026/000004', 'CLOSED', 'L''ultima', NULL, '', 'regola', 'x:4', %[1]s, %[1]s, 9, 2, 1",
	} {
		statements = append(statements, fmt.Sprintf("INSERT INTO case_files (id, number, status, subject, sender_name, sender_address, route_reason, opened_by, "+
			"received_at, changed_at, version, office_id, rule_id) VALUES ("+c+")", at))
	}
	for _, m := range []string{
		"1, NULL, 'd1', 1, 'incoming', '2026-03-01 11:00:00+00:00'",
		"2, NULL, 'd2', 1, 'outgoing', NULL",
		"3, 2, 'd3', 1, 'incoming', '2026-03-01 11:30:00+00:00'",
		"4, NULL, 'd4', 2, 'incoming', NULL",
		"5, NULL, 'd5', 3, 'incoming', '2026-02-28 23:59:59+00:00'",
		"6, NULL, 'd6', NULL, 'incoming', NULL",
	} {
		statements = append(statements, fmt.Sprintf("INSERT INTO messages (id, receipt_of_id, digest, case_id, direction, certified_at, size, kind, verdict, evidence, \"text\", "+
			"received_at, archived_at) VALUES (%s, 12, 'posta-certificata', 'valid', '{\"status\": \"valid\"}', 'Perché no? €', %[2]s, %[2]s)", m, at))
	}
	return append(statements,
		"INSERT INTO attachments (id, position, name, media_type, inline, size, sha256, section, message_id) VALUES (1, 0, 'a.pdf', 'application/pdf', true, 5, 'aa', '2.1', 1)",
		"INSERT INTO deliveries (id, folder, received_at, message_id, mailbox_id) VALUES (1, 'INBOX', "+at+", 1, 2), (2, 'INBOX', "+at+", 1, 1), "+
			"(3, 'INBOX', "+at+", 3, 1), (4, NULL, "+at+", 4, NULL), (5, 'INBOX', "+at+", 5, 2), (6, 'INBOX', "+at+", 6, 1)",
		"INSERT INTO ledger_entries (id, uid_validity, uid, state, digest, changed_at, folder_id, message_id) VALUES (1, 7, 4294967295, 'archived', 'd1', "+at+", 1, 1)",
		"INSERT INTO events (id, message_id, kind, mailbox_id, occurred_at, office_id, actor, case_id, data) VALUES "+
			"(1, 1, 'message.received', 2, "+at+", NULL, 'system:collector', 1, '{\"n\": 1}'), (2, NULL, 'case.routed', NULL, "+at+", 1, 'system:collector', 1, NULL), "+
			"(3, 6, 'message.received', 1, "+at+", NULL, 'system:collector', NULL, '{\"reason\": \"perché\"}'), "+
			"(4, NULL, 'case-sorted', NULL, "+at+", 1, 'person:7', 1, NULL), (5, NULL, 'case-sorted', NULL, "+at+", 1, 'person:7', 4, NULL), "+
			"(6, NULL, 'case-taken-back', NULL, "+at+", NULL, 'person:7', 4, NULL), (7, NULL, 'case-routed', NULL, "+at+", 2, 'system:collector', 4, NULL), "+
			"(8, NULL, 'case-assigned', NULL, '2026-03-02 08:00:00.5+00:00', 1, 'person:1', 2, NULL), (9, NULL, 'case-assigned', NULL, '2026-03-03 08:00:00+00:00', 1, 'person:1', 2, NULL)",
	)
}

// content is what the columns of a table hold, row by row: their names, how many
// rows, and a hash.
type content struct {
	columns string
	rows    int
	hash    [sha256.Size]byte
}

// contentOf reads columns of a table, all of them when none are given.
func contentOf(t *testing.T, raw *sql.DB, table, columns string) content {
	if columns == "" {
		columns = "*"
	}
	rows, err := raw.QueryContext(t.Context(), "SELECT "+columns+" FROM "+table+" ORDER BY id")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	names, err := rows.Columns()
	require.NoError(t, err)
	c, hash := content{columns: `"` + strings.Join(names, `", "`) + `"`}, sha256.New()
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		require.NoError(t, rows.Scan(into...))
		for i, v := range values {
			if at, ok := v.(time.Time); ok {
				v = at.UTC().Format(time.RFC3339Nano)
			}
			fmt.Fprintf(hash, "%s=%q;", names[i], fmt.Sprint(v))
		}
		c.rows++
	}
	require.NoError(t, rows.Err())
	c.hash = [sha256.Size]byte(hash.Sum(nil))
	return c
}

// oldTables are those of the first version of the schema.
func oldTables() []string {
	return []string{
		"offices", "routing_rules", "mailboxes", "folders", "case_counters", "log_heads", "case_files", "messages", "attachments",
		"deliveries", "ledger_entries", "events",
	}
}

// A database that was in use since the first version is migrated to the newest:
// nothing of it is lost or changed, and what is new is right for the old rows too.
func TestADatabaseInUseIsMigrated(t *testing.T) {
	urls(t, func(t *testing.T, url string) {
		ctx := asker(t)
		db, err := store.Open(ctx, url, quiet())
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()
		require.NoError(t, db.MigrateTo(ctx, 1))
		raw := openRaw(t, storetest.AsProgram(url))
		for _, statement := range old() {
			_, err := raw.ExecContext(ctx, statement)
			require.NoError(t, err, statement)
		}
		if db.Dialect() == "postgres" { // it does not count the ids that were given by hand
			_, err := raw.ExecContext(ctx, "SELECT setval(pg_get_serial_sequence('case_files', 'id'), 4)")
			require.NoError(t, err)
		}
		before := map[string]content{}
		for _, table := range oldTables() {
			before[table] = contentOf(t, raw, table, "")
			require.NotZero(t, before[table].rows, table)
		}

		require.NoError(t, db.Migrate(ctx))
		require.NoError(t, db.RequireCurrent(ctx))
		for _, table := range oldTables() {
			require.Equal(t, before[table], contentOf(t, raw, table, before[table].columns), table)
		}
		newColumnsAreRight(ctx, t, db)
		talliesAreRight(ctx, t, db)
		keysHold(ctx, t, db, raw)
		lifeGoesOn(ctx, t, db)
	})
}

// newColumnsAreRight checks what the migrations found out from the old rows.
func newColumnsAreRight(ctx context.Context, t *testing.T, db *store.DB) {
	number := func(n int) *int { return &n }
	mailboxes := map[int]*int{1: number(2), 2: nil, 3: number(2), 4: nil}
	domains := map[int]string{1: "pec.it", 2: "", 3: "", 4: ""}
	certified := map[int]string{1: "2026-03-01T11:00:00Z", 3: "2026-02-28T23:59:59Z"}
	for _, c := range db.Client().CaseFile.Query().AllX(ctx) {
		require.Equal(t, mailboxes[c.ID], c.MailboxID, "the mailbox that case %d came to first", c.ID)
		if want, ok := certified[c.ID]; ok {
			require.Equal(t, want, c.CertifiedAt.UTC().Format(time.RFC3339Nano), "case %d", c.ID)
		} else {
			require.Nil(t, c.CertifiedAt, "case %d", c.ID)
		}
		require.Equal(t, []string{"NORMAL", "NONE"}, []string{string(c.Priority), string(c.Urgency)}, "case %d", c.ID)
		require.Equal(t, "9999-12-31T00:00:00Z", c.DueAt.UTC().Format(time.RFC3339Nano), "case %d has no term", c.ID)
		require.Equal(t, domains[c.ID], c.SenderDomain, "case %d", c.ID)
		if c.ID == 1 {
			require.Equal(t, number(7), c.SortedByID)
			require.Equal(t, "2026-03-01T12:00:00.123456Z", c.SortedAt.UTC().Format(time.RFC3339Nano))
		} else {
			require.Nil(t, c.SortedAt, "case %d came by itself where it is, or waits", c.ID)
			require.Nil(t, c.SortedByID)
		}
		if c.ID == 2 {
			require.Equal(t, "2026-03-02T08:00:00.5Z", c.AssignedAt.UTC().Format(time.RFC3339Nano), "the first of two")
		} else {
			require.Nil(t, c.AssignedAt, "case %d", c.ID)
		}
		require.False(t, c.Reserved)
		require.Nil(t, c.AssigneeID)
		require.Nil(t, c.MergedIntoID)
	}
	kept := map[int]*int{1: nil, 2: nil, 3: number(1), 4: nil, 5: nil, 6: number(1)}
	for _, m := range db.Client().Message.Query().AllX(ctx) {
		require.Equal(t, kept[m.ID], m.KeptByID, "the office of the first mailbox of message %d", m.ID)
	}
	for _, r := range db.Client().RoutingRule.Query().AllX(ctx) {
		require.Equal(t, []any{routingrule.OriginConfiguration, 2, false, 0}, []any{r.Origin, r.Hits, r.Draft, r.Version}, "two cases name it")
		require.Equal(t, []string{"2026-03-01T12:00:00.123456Z", "9999-12-31T00:00:00Z"},
			[]string{r.LastHitAt.UTC().Format(time.RFC3339Nano), r.RemovedAt.UTC().Format(time.RFC3339Nano)})
	}
	for _, o := range db.Client().Office.Query().AllX(ctx) {
		require.Equal(t, []bool{false, false, true, false}, []bool{o.HeadSeesBelow, o.OperatorsSeeOwn, o.OperatorsMayTake, o.ReasonToMove}, o.Code)
	}
}

// talliesAreRight counts the cases again.
func talliesAreRight(ctx context.Context, t *testing.T, db *store.DB) {
	type cell struct {
		office, person, mailbox int
		status, urgency         string
	}
	counted, kept := map[cell]int{}, map[cell]int{}
	for _, c := range db.Client().CaseFile.Query().AllX(ctx) {
		status, urgency := string(c.Status), string(c.Urgency)
		counted[cell{0, 0, 0, status, urgency}]++
		if c.OfficeID != nil {
			counted[cell{*c.OfficeID, 0, 0, status, urgency}]++
		}
		if c.MailboxID != nil {
			counted[cell{0, 0, *c.MailboxID, status, urgency}]++
		}
	}
	for _, row := range db.Client().Tally.Query().AllX(ctx) {
		kept[cell{row.Office, row.Person, row.Mailbox, row.Status, row.Urgency}] += row.Count
	}
	require.Equal(t, counted, kept)
}

// keysHold checks that all references lead somewhere, and are still watched.
func keysHold(ctx context.Context, t *testing.T, db *store.DB, raw *sql.DB) {
	broken := "SELECT count(*) FROM pragma_foreign_key_check"
	if db.Dialect() == "postgres" {
		broken = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
	}
	var n int
	require.NoError(t, raw.QueryRowContext(ctx, broken).Scan(&n))
	require.Zero(t, n)
	for _, change := range []string{
		"UPDATE messages SET case_id = 99 WHERE id = 1", "UPDATE case_files SET mailbox_id = 99 WHERE id = 1",
		"UPDATE case_files SET rule_id = 99 WHERE id = 1", "UPDATE routing_rules SET office_id = 99 WHERE id = 1", "DELETE FROM messages WHERE id = 1",
	} {
		_, err := db.Pool().ExecContext(ctx, change)
		require.ErrorContains(t, err, map[bool]string{true: "foreign key", false: "FOREIGN KEY"}[db.Dialect() == "postgres"], change)
	}
}

// lifeGoesOn checks that new rows come after the old ones, and that what was
// unique still is.
func lifeGoesOn(ctx context.Context, t *testing.T, db *store.DB) {
	open := func(number string) (id int, err error) {
		err = db.Tx(ctx, func(ctx context.Context, tx *ent.Tx) error {
			now := time.Now()
			c, err := tx.CaseFile.Create().SetNumber(number).SetRouteReason("-").SetReceivedAt(now).SetChangedAt(now).Save(ctx)
			if err == nil {
				id = c.ID
			}
			return err
		})
		return id, err
	}
	_, err := open("2026/000004")
	require.True(t, ent.IsConstraintError(err), "%v", err)
	id, err := open("2026/000005")
	require.NoError(t, err)
	require.Greater(t, id, 4)
}
