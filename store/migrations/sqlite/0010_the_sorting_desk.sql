-- +goose Up
-- What is added may be null, so that the table is not copied: written by hand.
-- add column "sender_domain" to table: "case_files"
ALTER TABLE `case_files` ADD COLUMN `sender_domain` text NULL;
-- add column "sorted_at" to table: "case_files"
ALTER TABLE `case_files` ADD COLUMN `sorted_at` datetime NULL;
-- add column "sorted_by_id" to table: "case_files"
ALTER TABLE `case_files` ADD COLUMN `sorted_by_id` integer NULL;
-- create index "casefile_sender_address_received_at_id" to table: "case_files"
CREATE INDEX `casefile_sender_address_received_at_id` ON `case_files` (`sender_address`, `received_at`, `id`);
-- create index "casefile_sender_domain_received_at_id" to table: "case_files"
CREATE INDEX `casefile_sender_domain_received_at_id` ON `case_files` (`sender_domain`, `received_at`, `id`);
-- create index "casefile_sorted_at_id" to table: "case_files"
CREATE INDEX `casefile_sorted_at_id` ON `case_files` (`sorted_at`, `id`);
-- create index "casefile_sorted_by_id_sorted_at_id" to table: "case_files"
CREATE INDEX `casefile_sorted_by_id_sorted_at_id` ON `case_files` (`sorted_by_id`, `sorted_at`, `id`);
-- create "case_lookers" table
CREATE TABLE `case_lookers` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `until` datetime NOT NULL, `case_id` integer NOT NULL, `user_id` integer NOT NULL, CONSTRAINT `case_lookers_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `case_lookers_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "caselooker_case_id_user_id" to table: "case_lookers"
CREATE UNIQUE INDEX `caselooker_case_id_user_id` ON `case_lookers` (`case_id`, `user_id`);
-- what follows the last @
UPDATE case_files SET sender_domain = replace(sender_address, rtrim(sender_address, replace(sender_address, '@', '')), '') WHERE sender_address IS NOT NULL;
-- who sent the cases where they are, as the register has it
UPDATE case_files SET sorted_at = e.occurred_at, sorted_by_id = CASE WHEN e.actor LIKE 'person:%' THEN CAST(substr(e.actor, 8) AS integer) END
  FROM events AS e WHERE case_files.office_id IS NOT NULL AND e.kind = 'case-sorted' AND e.id = (SELECT max(m.id) FROM events AS m
    WHERE m.case_id = case_files.id AND m.kind IN ('case-sorted', 'case-taken-back', 'case-returned', 'case-routed'));
