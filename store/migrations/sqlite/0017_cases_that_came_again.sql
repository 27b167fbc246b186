-- +goose Up
-- A constant as default, so that the table is not copied: written by hand.
-- add column "repeated" to table: "case_files"
ALTER TABLE `case_files` ADD COLUMN `repeated` bool NOT NULL DEFAULT false;
-- create index "casefile_repeated" to table: "case_files"
CREATE INDEX `casefile_repeated` ON `case_files` (`status`, `received_at`) WHERE repeated;
-- create index "casefile_sender_address_status" to table: "case_files"
CREATE INDEX `casefile_sender_address_status` ON `case_files` (`sender_address`, `status`);
-- what was certified once and stood in several mailboxes
UPDATE case_files SET repeated = true WHERE id IN (
  SELECT m.case_id FROM messages m JOIN deliveries d ON d.message_id = m.id
  WHERE m.direction = 'incoming' AND m.kind = 'posta-certificata' AND m.case_id IS NOT NULL AND m.identifier <> ''
  GROUP BY m.case_id, m.identifier HAVING count(*) > 1);
