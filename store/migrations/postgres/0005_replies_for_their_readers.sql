-- +goose Up
-- What package guard shows of replies and of the credentials of mailboxes, once more under it (0003 says how).
-- not replayed (store/migrations/generate): ent and atlas know nothing of it.
ALTER TABLE "replies" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "replies" USING ((SELECT viewer_is('program')) OR case_is_read(case_id));
ALTER TABLE "reply_files" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "reply_files" USING ((SELECT viewer_is('program')) OR case_is_read(case_id));
ALTER TABLE "reply_versions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "reply_versions" USING ((SELECT viewer_is('program')) OR case_is_read(case_id));
ALTER TABLE "reply_approvals" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "reply_approvals" USING ((SELECT viewer_is('program')) OR case_is_read(case_id));
ALTER TABLE "reply_editors" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "reply_editors" USING ((SELECT viewer_is('program')) OR case_is_read(case_id));
ALTER TABLE "recipients" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "recipients" USING ((SELECT viewer_is('program')) OR message_is_read(message_id));
ALTER TABLE "templates" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "templates" USING (
  (SELECT viewer_is('program'))
  OR (SELECT viewer_is('person')) AND office_id IS NULL AND user_id IS NULL
  OR user_id = (SELECT viewer_id())
  OR office_id = ANY ((SELECT viewer_whole() || viewer_own())::bigint[]));
ALTER TABLE "credentials" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "credentials" USING ((SELECT viewer_is('program')));
