-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_case_files" table
CREATE TABLE `new_case_files` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `number` text NOT NULL, `status` text NOT NULL DEFAULT ('TO_SORT'), `subject` text NULL, `sender_name` text NULL, `sender_address` text NULL, `route_reason` text NOT NULL, `opened_by` text NULL, `received_at` datetime NOT NULL, `certified_at` datetime NULL, `changed_at` datetime NOT NULL, `assigned_at` datetime NULL, `priority` text NOT NULL DEFAULT ('NORMAL'), `outcome` text NULL, `closed_at` datetime NULL, `reserved` bool NOT NULL DEFAULT (false), `urgency` text NOT NULL DEFAULT ('NONE'), `due_at` datetime NOT NULL, `claimed_until` datetime NULL, `claim_wanted_by_id` integer NULL, `claim_wanted_at` datetime NULL, `version` integer NOT NULL DEFAULT (1), `office_id` integer NULL, `rule_id` integer NULL, `mailbox_id` integer NULL, `assignee_id` integer NULL, `on_behalf_of_id` integer NULL, `claimed_by_id` integer NULL, `merged_into_id` integer NULL, CONSTRAINT `case_files_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_routing_rules_rule` FOREIGN KEY (`rule_id`) REFERENCES `routing_rules` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_mailboxes_mailbox` FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_users_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `users` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_users_on_behalf_of` FOREIGN KEY (`on_behalf_of_id`) REFERENCES `users` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_users_claimed_by` FOREIGN KEY (`claimed_by_id`) REFERENCES `users` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_case_files_merged` FOREIGN KEY (`merged_into_id`) REFERENCES `case_files` (`id`) ON DELETE SET NULL);
-- copy rows from old table "case_files" to new temporary table "new_case_files"
INSERT INTO `new_case_files` (`id`, `number`, `status`, `subject`, `sender_name`, `sender_address`, `route_reason`, `opened_by`, `received_at`, `certified_at`, `changed_at`, `priority`, `outcome`, `closed_at`, `reserved`, `urgency`, `due_at`, `claimed_until`, `claim_wanted_by_id`, `claim_wanted_at`, `version`, `office_id`, `rule_id`, `mailbox_id`, `assignee_id`, `on_behalf_of_id`, `claimed_by_id`, `merged_into_id`) SELECT `id`, `number`, `status`, `subject`, `sender_name`, `sender_address`, `route_reason`, `opened_by`, `received_at`, `certified_at`, `changed_at`, `priority`, `outcome`, `closed_at`, `reserved`, `urgency`, `due_at`, `claimed_until`, `claim_wanted_by_id`, `claim_wanted_at`, `version`, `office_id`, `rule_id`, `mailbox_id`, `assignee_id`, `on_behalf_of_id`, `claimed_by_id`, `merged_into_id` FROM `case_files`;
-- drop "case_files" table after copying rows
DROP TABLE `case_files`;
-- rename temporary table "new_case_files" to "case_files"
ALTER TABLE `new_case_files` RENAME TO `case_files`;
-- create index "case_files_number_key" to table: "case_files"
CREATE UNIQUE INDEX `case_files_number_key` ON `case_files` (`number`);
-- create index "case_files_opened_by_key" to table: "case_files"
CREATE UNIQUE INDEX `case_files_opened_by_key` ON `case_files` (`opened_by`);
-- create index "casefile_received_at_id" to table: "case_files"
CREATE INDEX `casefile_received_at_id` ON `case_files` (`received_at`, `id`);
-- create index "casefile_changed_at_id" to table: "case_files"
CREATE INDEX `casefile_changed_at_id` ON `case_files` (`changed_at`, `id`);
-- create index "casefile_due_at_id" to table: "case_files"
CREATE INDEX `casefile_due_at_id` ON `case_files` (`due_at`, `id`);
-- create index "casefile_status_received_at_id_office_id" to table: "case_files"
CREATE INDEX `casefile_status_received_at_id_office_id` ON `case_files` (`status`, `received_at`, `id`, `office_id`);
-- create index "casefile_status_due_at_id" to table: "case_files"
CREATE INDEX `casefile_status_due_at_id` ON `case_files` (`status`, `due_at`, `id`);
-- create index "casefile_urgency_due_at_id" to table: "case_files"
CREATE INDEX `casefile_urgency_due_at_id` ON `case_files` (`urgency`, `due_at`, `id`);
-- create index "casefile_office_id_received_at_id" to table: "case_files"
CREATE INDEX `casefile_office_id_received_at_id` ON `case_files` (`office_id`, `received_at`, `id`);
-- create index "casefile_office_id_status_due_at_id" to table: "case_files"
CREATE INDEX `casefile_office_id_status_due_at_id` ON `case_files` (`office_id`, `status`, `due_at`, `id`);
-- create index "casefile_office_id_urgency_due_at_id" to table: "case_files"
CREATE INDEX `casefile_office_id_urgency_due_at_id` ON `case_files` (`office_id`, `urgency`, `due_at`, `id`);
-- create index "casefile_assignee_id_status_due_at_id" to table: "case_files"
CREATE INDEX `casefile_assignee_id_status_due_at_id` ON `case_files` (`assignee_id`, `status`, `due_at`, `id`);
-- create index "casefile_mailbox_id_received_at_id" to table: "case_files"
CREATE INDEX `casefile_mailbox_id_received_at_id` ON `case_files` (`mailbox_id`, `received_at`, `id`);
-- create index "casefile_mailbox_id_status_received_at_id" to table: "case_files"
CREATE INDEX `casefile_mailbox_id_status_received_at_id` ON `case_files` (`mailbox_id`, `status`, `received_at`, `id`);
-- create index "casefile_status_assigned_at_received_at_office_id" to table: "case_files"
CREATE INDEX `casefile_status_assigned_at_received_at_office_id` ON `case_files` (`status`, `assigned_at`, `received_at`, `office_id`);
-- create index "casefile_status_closed_at_received_at_office_id" to table: "case_files"
CREATE INDEX `casefile_status_closed_at_received_at_office_id` ON `case_files` (`status`, `closed_at`, `received_at`, `office_id`);
-- create index "casefile_merged_into_id" to table: "case_files"
CREATE INDEX `casefile_merged_into_id` ON `case_files` (`merged_into_id`);
-- create index "casefile_on_behalf_of_id" to table: "case_files"
CREATE INDEX `casefile_on_behalf_of_id` ON `case_files` (`on_behalf_of_id`);
-- create index "term_breached_at_case_id" to table: "terms"
CREATE INDEX `term_breached_at_case_id` ON `terms` (`breached_at`, `case_id`);
-- what follows is written by hand: when a person had each case first, as the register tells
UPDATE case_files SET assigned_at = (SELECT MIN(e.occurred_at) FROM events e WHERE e.case_id = case_files.id AND e.kind = 'case-assigned');
UPDATE case_files SET assigned_at = changed_at WHERE assigned_at IS NULL AND assignee_id IS NOT NULL;
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
