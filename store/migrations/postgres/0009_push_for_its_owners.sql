-- +goose Up
-- Where somebody is told through is that person's business alone; the key is the program's (0003 says how).
-- not replayed (store/migrations/generate): ent and atlas know nothing of it.
ALTER TABLE "push_subscriptions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "push_subscriptions" USING ((SELECT viewer_is('program')) OR user_id = (SELECT viewer_id()));
ALTER TABLE "push_keys" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "push_keys" USING ((SELECT viewer_is('program')));
