-- +goose Up
-- The auditor sees by what rule a case went where it is, and, as the administrator, who changed what (0003 says how).
-- not replayed (store/migrations/generate): ent and atlas know nothing of it.
DROP POLICY "viewers" ON "routing_rules";
CREATE POLICY "viewers" ON "routing_rules" USING ((SELECT viewer_is('program', 'administrator', 'sorter', 'auditor')));
ALTER TABLE "rule_versions" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "viewers" ON "rule_versions" USING ((SELECT viewer_is('program', 'administrator', 'auditor')));
