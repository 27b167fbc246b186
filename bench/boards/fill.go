// Package boards measures what boards ask at a million cases.
package boards

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// The organisation that is measured.
const (
	Offices   = 40
	People    = 400
	Mailboxes = 200
)

// statements fill a migrated database; %[1]s makes the numbers 1 to n as i in
// table n, %[2]s makes a time of a number of seconds.
var statements = []string{
	`INSERT INTO offices (id, code, name, head_sees_below, operators_see_own, operators_may_take, reason_to_move)
	 SELECT i, 'o' || i, 'Ufficio ' || i, 1 = 0, 1 = 0, 1 = 1, 1 = 0 FROM (%[1]s) n WHERE i <= 40`,
	`INSERT INTO users (id, email, name, sorter, administrator, auditor, language, created_at)
	 SELECT i, 'p' || i || '@comune.example', 'Persona ' || i, i = 1, i = 2, i = 3, 'it', %[2]s FROM (%[1]s) n WHERE i <= 400`,
	`INSERT INTO memberships (user_id, office_id, role)
	 SELECT i, 1 + i %% 40, CASE WHEN i <= 80 THEN 'HEAD' ELSE 'OPERATOR' END FROM (%[1]s) n WHERE i <= 400 AND i > 3`,
	`INSERT INTO mailboxes (id, address, health) SELECT i, 'casella' || i || '@pec.example', 'ok' FROM (%[1]s) n WHERE i <= 200`,
	`INSERT INTO case_files (number, status, subject, sender_name, sender_address, route_reason, received_at, changed_at,
	   office_id, mailbox_id, assignee_id, priority, urgency, due_at, reserved, repeated, version, sender_domain, sorted_at, sorted_by_id)
	 SELECT '2026/' || i,
	   CASE WHEN i %% 500 = 0 THEN 'TO_SORT' WHEN i %% 500 < 5 THEN 'TO_ASSIGN' WHEN i %% 500 < 30 THEN 'IN_PROGRESS' ELSE 'CLOSED' END,
	   'Istanza ' || i, 'Ditta ' || (i %% 5000), 'ditta' || (i %% 5000) || '@pec.example', 'regola', %[2]s, %[2]s,
	   CASE WHEN i %% 500 = 0 THEN NULL ELSE 1 + (i * 7919 / 3) %% 40 END, 1 + (i * 104729 / 7) %% 200,
	   CASE WHEN i %% 500 < 5 THEN NULL ELSE 4 + (i * 31337 / 5) %% 397 END,
	   'NORMAL', CASE WHEN i %% 500 >= 30 THEN 'NONE' WHEN i %% 7 = 0 THEN 'BREACHED' WHEN i %% 7 = 1 THEN 'DUE_SOON' ELSE 'NONE' END,
	   CASE WHEN i %% 500 < 30 THEN %[3]s ELSE %[4]s END, false, i %% 3000 = 0, 1,
	   'pec.example', CASE WHEN i %% 500 = 0 THEN NULL ELSE %[2]s END, CASE WHEN i %% 500 = 0 THEN NULL ELSE 1 END
	 FROM (%[1]s) n`,
	`INSERT INTO events (id, kind, occurred_at, actor, case_id, from_office_id)
	 SELECT i, 'case-returned', %[2]s, 'person:4', i, 1 + i %% 40 FROM (%[1]s) n WHERE i %% 10 = 0`,
	tallied(`0, 0, 0`, ``), tallied(`office_id, 0, 0`, `office_id IS NOT NULL`), tallied(`0, assignee_id, 0`, `assignee_id IS NOT NULL`),
	tallied(`office_id, assignee_id, 0`, `office_id IS NOT NULL AND assignee_id IS NOT NULL`), tallied(`0, 0, mailbox_id`, `mailbox_id IS NOT NULL`),
}

// tallied counts the cases of a sort into the tallies, as package dossier would
// have kept them.
func tallied(columns, where string) string {
	if where != "" {
		where = " WHERE " + where
	}
	keys := strings.NewReplacer("0, ", "", ", 0", "", "0", "").Replace(columns)
	if keys != "" {
		keys += ", "
	}
	return `INSERT INTO tallies (office, person, mailbox, status, urgency, count)
	 SELECT ` + columns + `, status, urgency, count(*) FROM case_files` + where + ` GROUP BY ` + keys + `status, urgency`
}

// Fill writes n cases and the organisation around them into a migrated, empty
// database, by its own means.
func Fill(ctx context.Context, db *sql.DB, postgres bool, n int) error {
	numbers := fmt.Sprintf(`WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < %d) SELECT i FROM r`, n)
	at := `strftime('%Y-%m-%d %H:%M:%S+00:00', 1700000000 + i * 37, 'unixepoch')`
	due := `strftime('%Y-%m-%d %H:%M:%S+00:00', 1700000000 + i * 37 + (i % 90) * 86400, 'unixepoch')`
	never := `'9999-12-31 00:00:00+00:00'`
	if postgres {
		numbers = fmt.Sprintf(`SELECT i::bigint AS i FROM generate_series(1, %d) AS g(i)`, n)
		at, due = `to_timestamp(1700000000 + i * 37)`, `to_timestamp(1700000000 + i * 37 + (i % 90) * 86400)`
		never = `timestamptz '9999-12-31 00:00:00+00'`
	}
	for _, s := range statements {
		s = strings.NewReplacer(`%[1]s`, numbers, `%[2]s`, at, `%[3]s`, due, `%[4]s`, never, `%%`, `%`).Replace(s)
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("fill: %w in %.120s", err, s)
		}
	}
	_, err := db.ExecContext(ctx, `ANALYZE`)
	return err
}
