-- +goose Up
-- The second line of defence, under package guard: PostgreSQL shows nobody a row that guard would not show him.
-- docs/decisions/0014 says why and how. Written by hand.
-- not replayed (store/migrations/generate): ent and atlas know nothing of it.
--
-- Who asks stands in the settings smista.*, as guard.Viewer.Settings writes them; without them nothing is seen.
-- What does not depend on a row stands in a sub-select of its own, so that it is found out once a statement.
CREATE FUNCTION "viewer_is"(VARIADIC "roles" text[]) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(nullif(current_setting('smista.roles', true), '')::text[] && roles, false);
-- the viewer's user, null for the program
CREATE FUNCTION "viewer_id"() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('smista.person', true), '')::bigint;
-- the offices whose cases the viewer reads whole
CREATE FUNCTION "viewer_whole"() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('smista.whole', true), '')::bigint[];
-- those in which he reads what is assigned to him
CREATE FUNCTION "viewer_own"() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('smista.own', true), '')::bigint[];
-- those with which he is informed
CREATE FUNCTION "viewer_informed"() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('smista.informed', true), '')::bigint[];
-- A policy that looks into other tables unfolds their policies as well: more than a step or two of that takes longer to
-- plan than to run. From there on, and where a table would come back to itself, a function looks. While a function judges, these tables are open to it. It shows itself by its search_path,
-- the one setting that a function of a plain role may carry; nothing is looked up by it, as all names in here were
-- resolved when they were written.
CREATE FUNCTION "viewer_is_judging"() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_setting('search_path') = 'judging';
-- whether the viewer sees the movements of a case (guard.CasesSeen), sorters and auditors apart, who see all; t is the
-- case itself, or the one it was merged into
CREATE FUNCTION "case_is_seen"("case_id" bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SET search_path = judging
  RETURN EXISTS (SELECT FROM case_files AS t
    WHERE t.id = (SELECT coalesce(c.merged_into_id, c.id) FROM case_files AS c WHERE c.id = case_is_seen.case_id) AND (
      t.office_id = ANY ((SELECT viewer_whole())::bigint[])
      OR t.office_id = ANY ((SELECT viewer_own())::bigint[]) AND t.assignee_id = (SELECT viewer_id())
      OR EXISTS (SELECT FROM case_offices AS o WHERE o.case_id = t.id
        AND o.office_id = ANY ((SELECT viewer_informed())::bigint[]))
      OR EXISTS (SELECT FROM case_readers AS r WHERE r.case_id = t.id AND r.user_id = (SELECT viewer_id())
        AND (r.kind = 'named' AND t.reserved OR r.kind = 'glass' AND r.until > now()))));
-- whether the viewer reads the content of a case (guard.CasesRead)
CREATE FUNCTION "case_is_read"("case_id" bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SET search_path = judging
  RETURN viewer_is('content') AND EXISTS (SELECT FROM case_files AS t
    WHERE t.id = (SELECT coalesce(c.merged_into_id, c.id) FROM case_files AS c WHERE c.id = case_is_read.case_id) AND (
      NOT t.reserved AND (
        t.office_id = ANY ((SELECT viewer_whole())::bigint[])
        OR t.office_id IS NULL AND (SELECT viewer_is('sorter'))
        OR t.office_id = ANY ((SELECT viewer_own())::bigint[]) AND t.assignee_id = (SELECT viewer_id())
        OR EXISTS (SELECT FROM case_offices AS o WHERE o.case_id = t.id
          AND o.office_id = ANY ((SELECT viewer_informed())::bigint[])))
      OR EXISTS (SELECT FROM case_readers AS r WHERE r.case_id = t.id AND r.user_id = (SELECT viewer_id())
        AND (r.kind = 'named' AND t.reserved OR r.kind = 'glass' AND r.until > now()))));
-- whether the viewer reads a message, which the policy of messages says
CREATE FUNCTION "message_is_read"("message_id" bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN EXISTS (SELECT FROM messages AS m WHERE m.id = message_is_read.message_id);

-- cases: their movements; columns that are content are hidden by guard
ALTER TABLE "case_files" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "case_files" USING (
  (SELECT viewer_is('program', 'sorter', 'auditor') OR viewer_is_judging())
  OR CASE WHEN merged_into_id IS NOT NULL THEN case_is_seen(merged_into_id) ELSE
    office_id = ANY ((SELECT viewer_whole())::bigint[])
    OR office_id = ANY ((SELECT viewer_own())::bigint[]) AND assignee_id = (SELECT viewer_id())
    OR EXISTS (SELECT FROM case_offices AS o WHERE o.case_id = case_files.id
      AND o.office_id = ANY ((SELECT viewer_informed())::bigint[]))
    OR EXISTS (SELECT FROM case_readers AS r WHERE r.case_id = case_files.id AND r.user_id = (SELECT viewer_id())
      AND (r.kind = 'named' AND case_files.reserved OR r.kind = 'glass' AND r.until > now()))
  END);

-- what hangs on a case
ALTER TABLE "case_offices" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "case_offices" USING (
  (SELECT viewer_is('program', 'sorter', 'auditor') OR viewer_is_judging())
  OR office_id = ANY ((SELECT viewer_informed())::bigint[]) OR case_is_seen(case_id));
ALTER TABLE "case_readers" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "case_readers" USING (
  (SELECT viewer_is('program', 'sorter', 'auditor') OR viewer_is_judging())
  OR user_id = (SELECT viewer_id()) OR case_is_seen(case_id));
ALTER TABLE "inquiries" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "inquiries" USING (
  (SELECT viewer_is('program', 'sorter', 'auditor')) OR case_is_seen(case_id));
ALTER TABLE "case_merges" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "case_merges" USING (
  (SELECT viewer_is('program', 'sorter', 'auditor')) OR case_is_seen(case_id));
ALTER TABLE "terms" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "terms" USING (
  (SELECT viewer_is('program', 'sorter', 'auditor')) OR case_is_seen(case_id));
ALTER TABLE "case_followers" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "case_followers" USING ((SELECT viewer_is('program')) OR user_id = (SELECT viewer_id()));
ALTER TABLE "notes" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "notes" USING ((SELECT viewer_is('program')) OR case_is_read(case_id));

-- messages (guard.MessagesRead): by their case, or by the office that keeps what is in none; and what is part of them
ALTER TABLE "messages" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "messages" USING (
  (SELECT viewer_is('program'))
  OR (SELECT viewer_is('content')) AND CASE WHEN case_id IS NOT NULL
    THEN EXISTS (SELECT FROM case_files AS c WHERE c.id = messages.case_id
      AND CASE WHEN c.merged_into_id IS NOT NULL THEN case_is_read(c.merged_into_id) ELSE
        NOT c.reserved AND (
          c.office_id = ANY ((SELECT viewer_whole())::bigint[])
          OR c.office_id IS NULL AND (SELECT viewer_is('sorter'))
          OR c.office_id = ANY ((SELECT viewer_own())::bigint[]) AND c.assignee_id = (SELECT viewer_id())
          OR EXISTS (SELECT FROM case_offices AS o WHERE o.case_id = c.id
            AND o.office_id = ANY ((SELECT viewer_informed())::bigint[])))
        OR EXISTS (SELECT FROM case_readers AS r WHERE r.case_id = c.id AND r.user_id = (SELECT viewer_id())
          AND (r.kind = 'named' AND c.reserved OR r.kind = 'glass' AND r.until > now()))
      END)
    ELSE kept_by_id = ANY ((SELECT viewer_whole())::bigint[])
      OR kept_by_id IS NULL AND (SELECT viewer_is('sorter')) END);
ALTER TABLE "attachments" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "attachments" USING ((SELECT viewer_is('program')) OR message_is_read(message_id));
ALTER TABLE "deliveries" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "deliveries" USING ((SELECT viewer_is('program')) OR message_is_read(message_id));

-- the register
ALTER TABLE "events" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "events" USING (
  (SELECT viewer_is('program', 'auditor'))
  OR actor = (SELECT 'person:' || viewer_id())
  OR person_id = (SELECT viewer_id())
  OR from_person_id = (SELECT viewer_id())
  OR (SELECT viewer_is('administrator')) AND case_id IS NULL AND message_id IS NULL
  OR CASE WHEN (SELECT viewer_is('sorter'))
    THEN case_id IS NOT NULL OR mailbox_id IS NOT NULL OR message_id IS NOT NULL
    ELSE office_id = ANY ((SELECT viewer_informed())::bigint[])
      OR from_office_id = ANY ((SELECT viewer_informed())::bigint[])
      OR EXISTS (SELECT FROM case_files AS c WHERE c.id = events.case_id)
      OR case_id IS NULL AND message_is_read(message_id)
  END);
ALTER TABLE "tallies" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "tallies" USING (
  (SELECT viewer_is('program', 'sorter', 'auditor'))
  OR office = ANY ((SELECT viewer_whole())::bigint[])
  OR person = (SELECT viewer_id()));
ALTER TABLE "notices" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "notices" USING (
  (SELECT viewer_is('program')) OR user_id = (SELECT viewer_id())
  OR state = 'failed' AND (SELECT viewer_is('administrator')));

-- people
ALTER TABLE "users" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "users" USING ((SELECT viewer_is('program', 'person')));
ALTER TABLE "memberships" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "memberships" USING (
  (SELECT viewer_is('program', 'administrator')) OR user_id = (SELECT viewer_id())
  OR office_id = ANY ((SELECT viewer_whole() || viewer_own())::bigint[]));
ALTER TABLE "absences" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "absences" USING (
  (SELECT viewer_is('program', 'administrator', 'sorter'))
  OR user_id = (SELECT viewer_id()) OR delegate_id = (SELECT viewer_id())
  OR EXISTS (SELECT FROM memberships AS m WHERE m.user_id = absences.user_id
    AND m.office_id = ANY ((SELECT viewer_whole() || viewer_own())::bigint[])));
ALTER TABLE "api_tokens" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "api_tokens" USING ((SELECT viewer_is('program')) OR user_id = (SELECT viewer_id()));
ALTER TABLE "sessions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "sessions" USING ((SELECT viewer_is('program')));
ALTER TABLE "throttles" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "throttles" USING ((SELECT viewer_is('program')));

-- configuration
ALTER TABLE "offices" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "offices" USING ((SELECT viewer_is('program', 'person')));
ALTER TABLE "mailboxes" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "mailboxes" USING ((SELECT viewer_is('program', 'person')));
ALTER TABLE "log_heads" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "log_heads" USING ((SELECT viewer_is('program', 'person')));
ALTER TABLE "routing_rules" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "routing_rules" USING ((SELECT viewer_is('program', 'administrator', 'sorter')));
ALTER TABLE "deadline_policies" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "deadline_policies" USING ((SELECT viewer_is('program', 'administrator', 'sorter')));
ALTER TABLE "folders" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "folders" USING ((SELECT viewer_is('program', 'administrator', 'sorter')));
ALTER TABLE "ledger_entries" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "ledger_entries" USING ((SELECT viewer_is('program', 'administrator', 'sorter')));
ALTER TABLE "case_counters" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "case_counters" USING ((SELECT viewer_is('program')));
