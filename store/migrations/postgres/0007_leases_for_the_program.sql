-- +goose Up
-- Who works on what is the program's business alone (0003 says how).
-- not replayed (store/migrations/generate): ent and atlas know nothing of it.
ALTER TABLE "leases" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "leases" USING ((SELECT viewer_is('program')));
