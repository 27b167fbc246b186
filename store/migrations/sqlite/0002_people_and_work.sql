-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_case_files" table
CREATE TABLE `new_case_files` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `number` text NOT NULL, `status` text NOT NULL DEFAULT ('TO_SORT'), `subject` text NULL, `sender_name` text NULL, `sender_address` text NULL, `route_reason` text NOT NULL, `opened_by` text NULL, `received_at` datetime NOT NULL, `certified_at` datetime NULL, `changed_at` datetime NOT NULL, `priority` text NOT NULL DEFAULT ('NORMAL'), `outcome` text NULL, `closed_at` datetime NULL, `reserved` bool NOT NULL DEFAULT (false), `urgency` text NOT NULL DEFAULT ('NONE'), `due_at` datetime NOT NULL, `claimed_until` datetime NULL, `claim_wanted_by_id` integer NULL, `claim_wanted_at` datetime NULL, `version` integer NOT NULL DEFAULT (1), `office_id` integer NULL, `rule_id` integer NULL, `mailbox_id` integer NULL, `assignee_id` integer NULL, `on_behalf_of_id` integer NULL, `claimed_by_id` integer NULL, `merged_into_id` integer NULL, CONSTRAINT `case_files_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_routing_rules_rule` FOREIGN KEY (`rule_id`) REFERENCES `routing_rules` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_mailboxes_mailbox` FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_users_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `users` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_users_on_behalf_of` FOREIGN KEY (`on_behalf_of_id`) REFERENCES `users` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_users_claimed_by` FOREIGN KEY (`claimed_by_id`) REFERENCES `users` (`id`) ON DELETE SET NULL, CONSTRAINT `case_files_case_files_merged` FOREIGN KEY (`merged_into_id`) REFERENCES `case_files` (`id`) ON DELETE SET NULL);
-- copy rows from old table "case_files" to new temporary table "new_case_files"
INSERT INTO `new_case_files` (`id`, `number`, `status`, `subject`, `sender_name`, `sender_address`, `route_reason`, `opened_by`, `received_at`, `changed_at`, `version`, `office_id`, `rule_id`, `due_at`) SELECT `id`, `number`, `status`, `subject`, `sender_name`, `sender_address`, `route_reason`, `opened_by`, `received_at`, `changed_at`, `version`, `office_id`, `rule_id`, '9999-12-31 00:00:00+00:00' FROM `case_files`;
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
-- create index "casefile_status_received_at_id" to table: "case_files"
CREATE INDEX `casefile_status_received_at_id` ON `case_files` (`status`, `received_at`, `id`);
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
-- create index "casefile_merged_into_id" to table: "case_files"
CREATE INDEX `casefile_merged_into_id` ON `case_files` (`merged_into_id`);
-- create index "casefile_on_behalf_of_id" to table: "case_files"
CREATE INDEX `casefile_on_behalf_of_id` ON `case_files` (`on_behalf_of_id`);
-- create "new_events" table
CREATE TABLE `new_events` (`id` integer NOT NULL, `kind` text NOT NULL, `occurred_at` datetime NOT NULL, `actor` text NOT NULL, `case_id` integer NULL, `message_id` integer NULL, `mailbox_id` integer NULL, `office_id` integer NULL, `from_office_id` integer NULL, `person_id` integer NULL, `from_person_id` integer NULL, `data` json NULL, PRIMARY KEY (`id`));
-- copy rows from old table "events" to new temporary table "new_events"
INSERT INTO `new_events` (`id`, `kind`, `occurred_at`, `actor`, `case_id`, `message_id`, `mailbox_id`, `office_id`, `data`) SELECT `id`, `kind`, `occurred_at`, `actor`, `case_id`, `message_id`, `mailbox_id`, `office_id`, `data` FROM `events`;
-- drop "events" table after copying rows
DROP TABLE `events`;
-- rename temporary table "new_events" to "events"
ALTER TABLE `new_events` RENAME TO `events`;
-- create index "event_case_id_id" to table: "events"
CREATE INDEX `event_case_id_id` ON `events` (`case_id`, `id`);
-- create index "event_kind_id" to table: "events"
CREATE INDEX `event_kind_id` ON `events` (`kind`, `id`);
-- create index "event_actor_id" to table: "events"
CREATE INDEX `event_actor_id` ON `events` (`actor`, `id`);
-- create index "event_office_id_id" to table: "events"
CREATE INDEX `event_office_id_id` ON `events` (`office_id`, `id`);
-- create index "event_from_office_id_id" to table: "events"
CREATE INDEX `event_from_office_id_id` ON `events` (`from_office_id`, `id`);
-- create index "event_mailbox_id_id" to table: "events"
CREATE INDEX `event_mailbox_id_id` ON `events` (`mailbox_id`, `id`);
-- create index "event_person_id_id" to table: "events"
CREATE INDEX `event_person_id_id` ON `events` (`person_id`, `id`);
-- create index "event_occurred_at_id" to table: "events"
CREATE INDEX `event_occurred_at_id` ON `events` (`occurred_at`, `id`);
-- create "new_messages" table
CREATE TABLE `new_messages` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `digest` text NOT NULL, `size` integer NOT NULL, `direction` text NOT NULL, `kind` text NOT NULL, `verdict` text NOT NULL, `evidence` json NOT NULL, `certification` json NULL, `problems` json NULL, `message_id` text NULL, `inner_message_id` text NULL, `original_message_id` text NULL, `refers_to` text NULL, `identifier` text NULL, `references` json NULL, `subject` text NULL, `sender_name` text NULL, `sender_address` text NULL, `recipients` json NULL, `copies` json NULL, `text` text NULL, `html_section` text NULL, `html_charset` text NULL, `sent_at` datetime NULL, `certified_at` datetime NULL, `received_at` datetime NOT NULL, `archived_at` datetime NOT NULL, `case_id` integer NULL, `kept_by_id` integer NULL, `receipt_of_id` integer NULL, CONSTRAINT `messages_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE SET NULL, CONSTRAINT `messages_offices_kept_by` FOREIGN KEY (`kept_by_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL, CONSTRAINT `messages_messages_receipts` FOREIGN KEY (`receipt_of_id`) REFERENCES `messages` (`id`) ON DELETE SET NULL);
-- copy rows from old table "messages" to new temporary table "new_messages"
INSERT INTO `new_messages` (`id`, `digest`, `size`, `direction`, `kind`, `verdict`, `evidence`, `certification`, `problems`, `message_id`, `inner_message_id`, `original_message_id`, `refers_to`, `identifier`, `references`, `subject`, `sender_name`, `sender_address`, `recipients`, `copies`, `text`, `html_section`, `html_charset`, `sent_at`, `certified_at`, `received_at`, `archived_at`, `case_id`, `receipt_of_id`) SELECT `id`, `digest`, `size`, `direction`, `kind`, `verdict`, `evidence`, `certification`, `problems`, `message_id`, `inner_message_id`, `original_message_id`, `refers_to`, `identifier`, `references`, `subject`, `sender_name`, `sender_address`, `recipients`, `copies`, `text`, `html_section`, `html_charset`, `sent_at`, `certified_at`, `received_at`, `archived_at`, `case_id`, `receipt_of_id` FROM `messages`;
-- drop "messages" table after copying rows
DROP TABLE `messages`;
-- rename temporary table "new_messages" to "messages"
ALTER TABLE `new_messages` RENAME TO `messages`;
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
-- create "new_offices" table
CREATE TABLE `new_offices` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `code` text NOT NULL, `name` text NOT NULL, `head_sees_below` bool NOT NULL DEFAULT (false), `operators_see_own` bool NOT NULL DEFAULT (false), `operators_may_take` bool NOT NULL DEFAULT (true), `reason_to_move` bool NOT NULL DEFAULT (false), `calendar` json NULL, `ladder` json NULL, `parent_id` integer NULL, CONSTRAINT `offices_offices_below` FOREIGN KEY (`parent_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL);
-- copy rows from old table "offices" to new temporary table "new_offices"
INSERT INTO `new_offices` (`id`, `code`, `name`) SELECT `id`, `code`, `name` FROM `offices`;
-- drop "offices" table after copying rows
DROP TABLE `offices`;
-- rename temporary table "new_offices" to "offices"
ALTER TABLE `new_offices` RENAME TO `offices`;
-- create index "offices_code_key" to table: "offices"
CREATE UNIQUE INDEX `offices_code_key` ON `offices` (`code`);
-- create index "office_parent_id" to table: "offices"
CREATE INDEX `office_parent_id` ON `offices` (`parent_id`);
-- create "new_routing_rules" table
CREATE TABLE `new_routing_rules` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `priority` integer NOT NULL DEFAULT (100), `condition` json NOT NULL, `enabled` bool NOT NULL DEFAULT (true), `office_id` integer NOT NULL, `assignee_id` integer NULL, CONSTRAINT `routing_rules_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE NO ACTION, CONSTRAINT `routing_rules_users_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `users` (`id`) ON DELETE SET NULL);
-- copy rows from old table "routing_rules" to new temporary table "new_routing_rules"
INSERT INTO `new_routing_rules` (`id`, `name`, `priority`, `condition`, `enabled`, `office_id`) SELECT `id`, `name`, `priority`, `condition`, `enabled`, `office_id` FROM `routing_rules`;
-- drop "routing_rules" table after copying rows
DROP TABLE `routing_rules`;
-- rename temporary table "new_routing_rules" to "routing_rules"
ALTER TABLE `new_routing_rules` RENAME TO `routing_rules`;
-- create index "routing_rules_name_key" to table: "routing_rules"
CREATE UNIQUE INDEX `routing_rules_name_key` ON `routing_rules` (`name`);
-- create "api_tokens" table
CREATE TABLE `api_tokens` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `digest` text NOT NULL, `scopes` json NOT NULL, `created_at` datetime NOT NULL, `expires_at` datetime NOT NULL, `used_at` datetime NULL, `revoked_at` datetime NULL, `user_id` integer NOT NULL, CONSTRAINT `api_tokens_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "api_tokens_digest_key" to table: "api_tokens"
CREATE UNIQUE INDEX `api_tokens_digest_key` ON `api_tokens` (`digest`);
-- create index "apitoken_user_id_created_at" to table: "api_tokens"
CREATE INDEX `apitoken_user_id_created_at` ON `api_tokens` (`user_id`, `created_at`);
-- create "absences" table
CREATE TABLE `absences` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `from` datetime NOT NULL, `until` datetime NOT NULL, `state` text NOT NULL DEFAULT ('planned'), `made_by_id` integer NULL, `created_at` datetime NOT NULL, `user_id` integer NOT NULL, `delegate_id` integer NOT NULL, CONSTRAINT `absences_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION, CONSTRAINT `absences_users_delegate` FOREIGN KEY (`delegate_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "absence_user_id_state" to table: "absences"
CREATE INDEX `absence_user_id_state` ON `absences` (`user_id`, `state`);
-- create index "absence_delegate_id" to table: "absences"
CREATE INDEX `absence_delegate_id` ON `absences` (`delegate_id`);
-- create index "absence_state_from" to table: "absences"
CREATE INDEX `absence_state_from` ON `absences` (`state`, `from`);
-- create index "absence_state_until" to table: "absences"
CREATE INDEX `absence_state_until` ON `absences` (`state`, `until`);
-- create "case_followers" table
CREATE TABLE `case_followers` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `case_id` integer NOT NULL, `user_id` integer NOT NULL, CONSTRAINT `case_followers_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `case_followers_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "casefollower_case_id_user_id" to table: "case_followers"
CREATE UNIQUE INDEX `casefollower_case_id_user_id` ON `case_followers` (`case_id`, `user_id`);
-- create index "casefollower_user_id_case_id" to table: "case_followers"
CREATE INDEX `casefollower_user_id_case_id` ON `case_followers` (`user_id`, `case_id`);
-- create "case_merges" table
CREATE TABLE `case_merges` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `messages` json NOT NULL, `status` text NOT NULL, `merged_by_id` integer NOT NULL, `merged_at` datetime NOT NULL, `undone_at` datetime NULL, `case_id` integer NOT NULL, `into_id` integer NOT NULL, CONSTRAINT `case_merges_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `case_merges_case_files_into` FOREIGN KEY (`into_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION);
-- create index "casemerge_case_id_id" to table: "case_merges"
CREATE INDEX `casemerge_case_id_id` ON `case_merges` (`case_id`, `id`);
-- create index "casemerge_into_id" to table: "case_merges"
CREATE INDEX `casemerge_into_id` ON `case_merges` (`into_id`);
-- create "case_offices" table
CREATE TABLE `case_offices` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `case_id` integer NOT NULL, `office_id` integer NOT NULL, CONSTRAINT `case_offices_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `case_offices_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE NO ACTION);
-- create index "caseoffice_case_id_office_id" to table: "case_offices"
CREATE UNIQUE INDEX `caseoffice_case_id_office_id` ON `case_offices` (`case_id`, `office_id`);
-- create index "caseoffice_office_id_case_id" to table: "case_offices"
CREATE INDEX `caseoffice_office_id_case_id` ON `case_offices` (`office_id`, `case_id`);
-- create "case_readers" table
CREATE TABLE `case_readers` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `kind` text NOT NULL, `reason` text NULL, `until` datetime NOT NULL, `case_id` integer NOT NULL, `user_id` integer NOT NULL, CONSTRAINT `case_readers_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `case_readers_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "casereader_case_id_user_id_kind" to table: "case_readers"
CREATE UNIQUE INDEX `casereader_case_id_user_id_kind` ON `case_readers` (`case_id`, `user_id`, `kind`);
-- create index "casereader_user_id_case_id" to table: "case_readers"
CREATE INDEX `casereader_user_id_case_id` ON `case_readers` (`user_id`, `case_id`);
-- create "deadline_policies" table
CREATE TABLE `deadline_policies` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `scope` text NOT NULL, `scope_id` integer NOT NULL DEFAULT (0), `kind` text NOT NULL, `amount` text NOT NULL);
-- create index "deadlinepolicy_scope_scope_id_kind" to table: "deadline_policies"
CREATE UNIQUE INDEX `deadlinepolicy_scope_scope_id_kind` ON `deadline_policies` (`scope`, `scope_id`, `kind`);
-- create "inquiries" table
CREATE TABLE `inquiries` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `kind` text NOT NULL, `asked_at` datetime NOT NULL, `text` text NOT NULL, `answered_at` datetime NULL, `answer` text NULL, `case_id` integer NOT NULL, `office_id` integer NOT NULL, `asked_by_id` integer NOT NULL, `answered_by_id` integer NULL, CONSTRAINT `inquiries_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `inquiries_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE NO ACTION, CONSTRAINT `inquiries_users_asked_by` FOREIGN KEY (`asked_by_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION, CONSTRAINT `inquiries_users_answered_by` FOREIGN KEY (`answered_by_id`) REFERENCES `users` (`id`) ON DELETE SET NULL);
-- create index "inquiry_case_id_asked_at_id" to table: "inquiries"
CREATE INDEX `inquiry_case_id_asked_at_id` ON `inquiries` (`case_id`, `asked_at`, `id`);
-- create "memberships" table
CREATE TABLE `memberships` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `role` text NOT NULL, `from` datetime NULL, `until` datetime NULL, `user_id` integer NOT NULL, `office_id` integer NOT NULL, CONSTRAINT `memberships_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION, CONSTRAINT `memberships_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE NO ACTION);
-- create index "membership_user_id_office_id_role" to table: "memberships"
CREATE UNIQUE INDEX `membership_user_id_office_id_role` ON `memberships` (`user_id`, `office_id`, `role`);
-- create index "membership_office_id" to table: "memberships"
CREATE INDEX `membership_office_id` ON `memberships` (`office_id`);
-- create "notes" table
CREATE TABLE `notes` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `text` text NOT NULL, `written_at` datetime NOT NULL, `case_id` integer NOT NULL, `author_id` integer NOT NULL, CONSTRAINT `notes_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `notes_users_author` FOREIGN KEY (`author_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "note_case_id_written_at_id" to table: "notes"
CREATE INDEX `note_case_id_written_at_id` ON `notes` (`case_id`, `written_at`, `id`);
-- create "notices" table
CREATE TABLE `notices` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `key` text NOT NULL, `kind` text NOT NULL, `item` json NOT NULL, `created_at` datetime NOT NULL, `state` text NOT NULL DEFAULT ('waiting'), `send_at` datetime NOT NULL, `letter` text NULL, `leased_until` datetime NULL, `attempts` integer NOT NULL DEFAULT (0), `last_error` text NULL, `sent_at` datetime NULL, `user_id` integer NOT NULL, `case_id` integer NULL, CONSTRAINT `notices_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION, CONSTRAINT `notices_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE SET NULL);
-- create index "notices_key_key" to table: "notices"
CREATE UNIQUE INDEX `notices_key_key` ON `notices` (`key`);
-- create index "notice_state_send_at_id" to table: "notices"
CREATE INDEX `notice_state_send_at_id` ON `notices` (`state`, `send_at`, `id`);
-- create index "notice_user_id_state_send_at" to table: "notices"
CREATE INDEX `notice_user_id_state_send_at` ON `notices` (`user_id`, `state`, `send_at`);
-- create "sessions" table
CREATE TABLE `sessions` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `digest` text NOT NULL, `address` text NULL, `agent` text NULL, `created_at` datetime NOT NULL, `seen_at` datetime NOT NULL, `expires_at` datetime NOT NULL, `ended_at` datetime NULL, `user_id` integer NOT NULL, CONSTRAINT `sessions_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "sessions_digest_key" to table: "sessions"
CREATE UNIQUE INDEX `sessions_digest_key` ON `sessions` (`digest`);
-- create index "session_user_id_expires_at" to table: "sessions"
CREATE INDEX `session_user_id_expires_at` ON `sessions` (`user_id`, `expires_at`);
-- create "tallies" table
CREATE TABLE `tallies` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `office` integer NOT NULL, `person` integer NOT NULL, `mailbox` integer NOT NULL, `status` text NOT NULL, `urgency` text NOT NULL, `count` integer NOT NULL DEFAULT (0));
-- create index "tally_office_person_mailbox_status_urgency" to table: "tallies"
CREATE UNIQUE INDEX `tally_office_person_mailbox_status_urgency` ON `tallies` (`office`, `person`, `mailbox`, `status`, `urgency`);
-- create index "tally_person_mailbox" to table: "tallies"
CREATE INDEX `tally_person_mailbox` ON `tallies` (`person`, `mailbox`);
-- create "terms" table
CREATE TABLE `terms` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `kind` text NOT NULL, `amount` text NOT NULL, `policy` text NOT NULL, `started_at` datetime NOT NULL, `suspensions` json NULL, `due_at` datetime NOT NULL, `soon_at` datetime NOT NULL, `met_at` datetime NULL, `soon_told_at` datetime NULL, `breached_at` datetime NULL, `step` integer NOT NULL DEFAULT (0), `next_at` datetime NOT NULL, `case_id` integer NOT NULL, CONSTRAINT `terms_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION);
-- create index "term_case_id_kind" to table: "terms"
CREATE UNIQUE INDEX `term_case_id_kind` ON `terms` (`case_id`, `kind`);
-- create index "term_next_at_id" to table: "terms"
CREATE INDEX `term_next_at_id` ON `terms` (`next_at`, `id`);
-- create "throttles" table
CREATE TABLE `throttles` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `key` text NOT NULL, `failures` integer NOT NULL DEFAULT (0), `last_at` datetime NOT NULL, `blocked_until` datetime NOT NULL);
-- create index "throttles_key_key" to table: "throttles"
CREATE UNIQUE INDEX `throttles_key_key` ON `throttles` (`key`);
-- create index "throttle_last_at" to table: "throttles"
CREATE INDEX `throttle_last_at` ON `throttles` (`last_at`);
-- create "users" table
CREATE TABLE `users` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `email` text NOT NULL, `name` text NOT NULL, `password` text NULL, `sorter` bool NOT NULL DEFAULT (false), `administrator` bool NOT NULL DEFAULT (false), `auditor` bool NOT NULL DEFAULT (false), `language` text NOT NULL DEFAULT ('it'), `preferences` json NULL, `created_at` datetime NOT NULL, `disabled_at` datetime NULL);
-- create index "users_email_key" to table: "users"
CREATE UNIQUE INDEX `users_email_key` ON `users` (`email`);
-- what follows is written by hand: the rows that are there get what new ones get
UPDATE case_files SET mailbox_id = (SELECT d.mailbox_id FROM deliveries d JOIN messages m ON m.id = d.message_id
  WHERE m.case_id = case_files.id AND m.direction = 'incoming' AND d.mailbox_id IS NOT NULL ORDER BY m.id, d.id LIMIT 1);
UPDATE case_files SET certified_at = (SELECT m.certified_at FROM messages m
  WHERE m.case_id = case_files.id AND m.direction = 'incoming' ORDER BY m.id LIMIT 1);
UPDATE messages SET kept_by_id = (SELECT b.office_id FROM deliveries d JOIN mailboxes b ON b.id = d.mailbox_id
  WHERE d.message_id = messages.id ORDER BY d.id LIMIT 1);
INSERT INTO tallies (office, person, mailbox, status, urgency, count)
  SELECT 0, 0, 0, status, urgency, count(*) FROM case_files GROUP BY status, urgency;
INSERT INTO tallies (office, person, mailbox, status, urgency, count)
  SELECT office_id, 0, 0, status, urgency, count(*) FROM case_files WHERE office_id IS NOT NULL GROUP BY office_id, status, urgency;
INSERT INTO tallies (office, person, mailbox, status, urgency, count)
  SELECT 0, 0, mailbox_id, status, urgency, count(*) FROM case_files WHERE mailbox_id IS NOT NULL GROUP BY mailbox_id, status, urgency;
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
