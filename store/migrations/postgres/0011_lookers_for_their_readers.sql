-- +goose Up
-- Who has a case open is seen by those who read it (0003 says how).
-- not replayed (store/migrations/generate): ent and atlas know nothing of it.
ALTER TABLE "case_lookers" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "case_lookers" USING ((SELECT viewer_is('program')) OR case_is_read(case_id));
