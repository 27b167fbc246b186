-- +goose Up
-- create "attachments" table
CREATE TABLE `attachments` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `position` integer NOT NULL, `name` text NULL, `media_type` text NOT NULL, `content_id` text NULL, `inline` bool NOT NULL DEFAULT (false), `size` integer NOT NULL, `sha256` text NOT NULL, `section` text NOT NULL, `message_id` integer NOT NULL, CONSTRAINT `attachments_messages_message` FOREIGN KEY (`message_id`) REFERENCES `messages` (`id`) ON DELETE NO ACTION);
-- create index "attachment_message_id_position" to table: "attachments"
CREATE UNIQUE INDEX `attachment_message_id_position` ON `attachments` (`message_id`, `position`);
-- create "case_counters" table
CREATE TABLE `case_counters` (`id` integer NOT NULL, `last` integer NOT NULL DEFAULT (0), PRIMARY KEY (`id`));
-- create "case_files" table
CREATE TABLE `case_files` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `number` text NOT NULL, `status` text NOT NULL DEFAULT ('TO_SORT'), `subject` text NULL, `sender_name` text NULL, `sender_address` text NULL, `route_reason` text NOT NULL, `opened_by` text NULL, `received_at` datetime NOT NULL, `changed_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `office_id` integer NULL, `rule_id` integer NULL, CONSTRAINT `case_files_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_routing_rules_rule` FOREIGN KEY (`rule_id`) REFERENCES `routing_rules` (`id`) ON DELETE SET NULL);
-- create index "case_files_number_key" to table: "case_files"
CREATE UNIQUE INDEX `case_files_number_key` ON `case_files` (`number`);
-- create index "case_files_opened_by_key" to table: "case_files"
CREATE UNIQUE INDEX `case_files_opened_by_key` ON `case_files` (`opened_by`);
-- create index "casefile_received_at_id" to table: "case_files"
CREATE INDEX `casefile_received_at_id` ON `case_files` (`received_at`, `id`);
-- create index "casefile_changed_at_id" to table: "case_files"
CREATE INDEX `casefile_changed_at_id` ON `case_files` (`changed_at`, `id`);
-- create index "casefile_status_received_at_id" to table: "case_files"
CREATE INDEX `casefile_status_received_at_id` ON `case_files` (`status`, `received_at`, `id`);
-- create index "casefile_office_id_received_at_id" to table: "case_files"
CREATE INDEX `casefile_office_id_received_at_id` ON `case_files` (`office_id`, `received_at`, `id`);
-- create "deliveries" table
CREATE TABLE `deliveries` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `folder` text NULL, `received_at` datetime NOT NULL, `message_id` integer NOT NULL, `mailbox_id` integer NULL, CONSTRAINT `deliveries_messages_message` FOREIGN KEY (`message_id`) REFERENCES `messages` (`id`) ON DELETE NO ACTION, CONSTRAINT `deliveries_mailboxes_mailbox` FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes` (`id`) ON DELETE SET NULL);
-- create index "delivery_message_id_mailbox_id" to table: "deliveries"
CREATE UNIQUE INDEX `delivery_message_id_mailbox_id` ON `deliveries` (`message_id`, `mailbox_id`);
-- create index "delivery_mailbox_id" to table: "deliveries"
CREATE INDEX `delivery_mailbox_id` ON `deliveries` (`mailbox_id`);
-- create "events" table
CREATE TABLE `events` (`id` integer NOT NULL, `kind` text NOT NULL, `occurred_at` datetime NOT NULL, `actor` text NOT NULL, `case_id` integer NULL, `message_id` integer NULL, `mailbox_id` integer NULL, `office_id` integer NULL, `data` json NULL, PRIMARY KEY (`id`));
-- create index "event_case_id_id" to table: "events"
CREATE INDEX `event_case_id_id` ON `events` (`case_id`, `id`);
-- create "folders" table
CREATE TABLE `folders` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `uid_validity` integer NOT NULL DEFAULT (0), `uid_next` integer NOT NULL DEFAULT (0), `messages` integer NOT NULL DEFAULT (0), `reconciled_at` datetime NULL, `on_server` integer NOT NULL DEFAULT (0), `sent` bool NOT NULL DEFAULT (false), `archived` integer NOT NULL DEFAULT (0), `quarantined` integer NOT NULL DEFAULT (0), `waiting` integer NOT NULL DEFAULT (0), `gone` integer NOT NULL DEFAULT (0), `missing` integer NOT NULL DEFAULT (0), `mailbox_id` integer NOT NULL, CONSTRAINT `folders_mailboxes_mailbox` FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes` (`id`) ON DELETE NO ACTION);
-- create index "folder_mailbox_id_name" to table: "folders"
CREATE UNIQUE INDEX `folder_mailbox_id_name` ON `folders` (`mailbox_id`, `name`);
-- create "ledger_entries" table
CREATE TABLE `ledger_entries` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `uid_validity` integer NOT NULL, `uid` integer NOT NULL, `state` text NOT NULL DEFAULT ('seen'), `attempts` integer NOT NULL DEFAULT (0), `reason` text NULL, `digest` text NULL, `received_at` datetime NULL, `changed_at` datetime NOT NULL, `folder_id` integer NOT NULL, `message_id` integer NULL, CONSTRAINT `ledger_entries_folders_folder` FOREIGN KEY (`folder_id`) REFERENCES `folders` (`id`) ON DELETE NO ACTION, CONSTRAINT `ledger_entries_messages_message` FOREIGN KEY (`message_id`) REFERENCES `messages` (`id`) ON DELETE SET NULL);
-- create index "ledgerentry_folder_id_uid_validity_uid" to table: "ledger_entries"
CREATE UNIQUE INDEX `ledgerentry_folder_id_uid_validity_uid` ON `ledger_entries` (`folder_id`, `uid_validity`, `uid`);
-- create index "ledgerentry_folder_id_state_uid_validity_uid" to table: "ledger_entries"
CREATE INDEX `ledgerentry_folder_id_state_uid_validity_uid` ON `ledger_entries` (`folder_id`, `state`, `uid_validity`, `uid`);
-- create index "ledgerentry_state_id" to table: "ledger_entries"
CREATE INDEX `ledgerentry_state_id` ON `ledger_entries` (`state`, `id`);
-- create index "ledgerentry_message_id" to table: "ledger_entries"
CREATE INDEX `ledgerentry_message_id` ON `ledger_entries` (`message_id`);
-- create "log_heads" table
CREATE TABLE `log_heads` (`id` integer NOT NULL, `epoch` text NOT NULL, `last` integer NOT NULL DEFAULT (0), PRIMARY KEY (`id`));
-- create "mailboxes" table
CREATE TABLE `mailboxes` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `address` text NOT NULL, `health` text NOT NULL DEFAULT ('never'), `checked_at` datetime NULL, `failing_since` datetime NULL, `last_error` text NULL, `office_id` integer NULL, CONSTRAINT `mailboxes_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL);
-- create index "mailboxes_address_key" to table: "mailboxes"
CREATE UNIQUE INDEX `mailboxes_address_key` ON `mailboxes` (`address`);
-- create "messages" table
CREATE TABLE `messages` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `digest` text NOT NULL, `size` integer NOT NULL, `direction` text NOT NULL, `kind` text NOT NULL, `verdict` text NOT NULL, `evidence` json NOT NULL, `certification` json NULL, `problems` json NULL, `message_id` text NULL, `inner_message_id` text NULL, `original_message_id` text NULL, `refers_to` text NULL, `identifier` text NULL, `references` json NULL, `subject` text NULL, `sender_name` text NULL, `sender_address` text NULL, `recipients` json NULL, `copies` json NULL, `text` text NULL, `html_section` text NULL, `html_charset` text NULL, `sent_at` datetime NULL, `certified_at` datetime NULL, `received_at` datetime NOT NULL, `archived_at` datetime NOT NULL, `case_id` integer NULL, `receipt_of_id` integer NULL, CONSTRAINT `messages_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE SET NULL, CONSTRAINT `messages_messages_receipts` FOREIGN KEY (`receipt_of_id`) REFERENCES `messages` (`id`) ON DELETE SET NULL);
-- create index "messages_digest_key" to table: "messages"
CREATE UNIQUE INDEX `messages_digest_key` ON `messages` (`digest`);
-- create index "message_received_at_id" to table: "messages"
CREATE INDEX `message_received_at_id` ON `messages` (`received_at`, `id`);
-- create index "message_message_id" to table: "messages"
CREATE INDEX `message_message_id` ON `messages` (`message_id`);
-- create index "message_inner_message_id" to table: "messages"
CREATE INDEX `message_inner_message_id` ON `messages` (`inner_message_id`);
-- create index "message_original_message_id" to table: "messages"
CREATE INDEX `message_original_message_id` ON `messages` (`original_message_id`);
-- create index "message_identifier" to table: "messages"
CREATE INDEX `message_identifier` ON `messages` (`identifier`);
-- create index "message_refers_to" to table: "messages"
CREATE INDEX `message_refers_to` ON `messages` (`refers_to`);
-- create index "message_case_id" to table: "messages"
CREATE INDEX `message_case_id` ON `messages` (`case_id`);
-- create index "message_receipt_of_id" to table: "messages"
CREATE INDEX `message_receipt_of_id` ON `messages` (`receipt_of_id`);
-- create "offices" table
CREATE TABLE `offices` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `code` text NOT NULL, `name` text NOT NULL);
-- create index "offices_code_key" to table: "offices"
CREATE UNIQUE INDEX `offices_code_key` ON `offices` (`code`);
-- create "routing_rules" table
CREATE TABLE `routing_rules` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `priority` integer NOT NULL DEFAULT (100), `condition` json NOT NULL, `enabled` bool NOT NULL DEFAULT (true), `office_id` integer NOT NULL, CONSTRAINT `routing_rules_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE NO ACTION);
-- create index "routing_rules_name_key" to table: "routing_rules"
CREATE UNIQUE INDEX `routing_rules_name_key` ON `routing_rules` (`name`);
