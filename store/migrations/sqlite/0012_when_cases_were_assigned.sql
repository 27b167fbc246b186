-- +goose Up
-- What is added may be null, so that the table is not copied: written by hand.
-- add column "assigned_at" to table: "case_files"
ALTER TABLE `case_files` ADD COLUMN `assigned_at` datetime NULL;
-- drop index "casefile_status_received_at_id" from table: "case_files"
DROP INDEX `casefile_status_received_at_id`;
-- create index "casefile_status_received_at_id_office_id" to table: "case_files"
CREATE INDEX `casefile_status_received_at_id_office_id` ON `case_files` (`status`, `received_at`, `id`, `office_id`);
-- create index "casefile_status_assigned_at_received_at_office_id" to table: "case_files"
CREATE INDEX `casefile_status_assigned_at_received_at_office_id` ON `case_files` (`status`, `assigned_at`, `received_at`, `office_id`);
-- create index "casefile_status_closed_at_received_at_office_id" to table: "case_files"
CREATE INDEX `casefile_status_closed_at_received_at_office_id` ON `case_files` (`status`, `closed_at`, `received_at`, `office_id`);
-- create index "term_breached_at_case_id" to table: "terms"
CREATE INDEX `term_breached_at_case_id` ON `terms` (`breached_at`, `case_id`);
-- when a person had each case first, as the register tells
UPDATE case_files SET assigned_at = (SELECT MIN(e.occurred_at) FROM events e WHERE e.case_id = case_files.id AND e.kind = 'case-assigned');
UPDATE case_files SET assigned_at = changed_at WHERE assigned_at IS NULL AND assignee_id IS NOT NULL;
