-- +goose Up
-- The calendar is everybody's, as houseCalendar tells it (0003 says how).
-- not replayed (store/migrations/generate): ent and atlas know nothing of it.
ALTER TABLE "closures" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "closures" USING ((SELECT viewer_is('program', 'person')));
ALTER TABLE "patron_days" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "patron_days" USING ((SELECT viewer_is('program', 'person')));
