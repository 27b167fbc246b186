-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_mailboxes" table
CREATE TABLE `new_mailboxes` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `address` text NOT NULL, `health` text NOT NULL DEFAULT ('never'), `checked_at` datetime NULL, `failing_since` datetime NULL, `last_error` text NULL, `sends` bool NOT NULL DEFAULT (false), `size_limit` integer NOT NULL DEFAULT (31457280), `hourly` integer NOT NULL DEFAULT (0), `office_id` integer NULL, CONSTRAINT `mailboxes_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL);
-- copy rows from old table "mailboxes" to new temporary table "new_mailboxes"
INSERT INTO `new_mailboxes` (`id`, `address`, `health`, `checked_at`, `failing_since`, `last_error`, `office_id`) SELECT `id`, `address`, `health`, `checked_at`, `failing_since`, `last_error`, `office_id` FROM `mailboxes`;
-- drop "mailboxes" table after copying rows
DROP TABLE `mailboxes`;
-- rename temporary table "new_mailboxes" to "mailboxes"
ALTER TABLE `new_mailboxes` RENAME TO `mailboxes`;
-- create index "mailboxes_address_key" to table: "mailboxes"
CREATE UNIQUE INDEX `mailboxes_address_key` ON `mailboxes` (`address`);
-- create "new_offices" table
CREATE TABLE `new_offices` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `code` text NOT NULL, `name` text NOT NULL, `head_sees_below` bool NOT NULL DEFAULT (false), `operators_see_own` bool NOT NULL DEFAULT (false), `operators_may_take` bool NOT NULL DEFAULT (true), `reason_to_move` bool NOT NULL DEFAULT (false), `approvals` integer NOT NULL DEFAULT (0), `calendar` json NULL, `ladder` json NULL, `parent_id` integer NULL, CONSTRAINT `offices_offices_below` FOREIGN KEY (`parent_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL);
-- copy rows from old table "offices" to new temporary table "new_offices"
INSERT INTO `new_offices` (`id`, `code`, `name`, `head_sees_below`, `operators_see_own`, `operators_may_take`, `reason_to_move`, `calendar`, `ladder`, `parent_id`) SELECT `id`, `code`, `name`, `head_sees_below`, `operators_see_own`, `operators_may_take`, `reason_to_move`, `calendar`, `ladder`, `parent_id` FROM `offices`;
-- drop "offices" table after copying rows
DROP TABLE `offices`;
-- rename temporary table "new_offices" to "offices"
ALTER TABLE `new_offices` RENAME TO `offices`;
-- create index "offices_code_key" to table: "offices"
CREATE UNIQUE INDEX `offices_code_key` ON `offices` (`code`);
-- create index "office_parent_id" to table: "offices"
CREATE INDEX `office_parent_id` ON `offices` (`parent_id`);
-- create "credentials" table
CREATE TABLE `credentials` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `sealed` blob NOT NULL, `set_at` datetime NOT NULL, `sealed_at` datetime NOT NULL, `mailbox_id` integer NOT NULL, CONSTRAINT `credentials_mailboxes_mailbox` FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes` (`id`) ON DELETE NO ACTION);
-- create index "credential_mailbox_id" to table: "credentials"
CREATE UNIQUE INDEX `credential_mailbox_id` ON `credentials` (`mailbox_id`);
-- create "recipients" table
CREATE TABLE `recipients` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `address` text NOT NULL, `copy` bool NOT NULL DEFAULT (false), `system` text NOT NULL DEFAULT ('UNKNOWN'), `status` text NOT NULL DEFAULT ('PENDING'), `accepted_at` datetime NULL, `refused_at` datetime NULL, `taken_at` datetime NULL, `delivered_at` datetime NULL, `failed_at` datetime NULL, `warned_at` datetime NULL, `provider` text NULL, `reason` text NULL, `missing` text NOT NULL DEFAULT ('NONE'), `differs` bool NOT NULL DEFAULT (false), `look_at` datetime NOT NULL, `message_id` integer NOT NULL, CONSTRAINT `recipients_messages_message` FOREIGN KEY (`message_id`) REFERENCES `messages` (`id`) ON DELETE NO ACTION);
-- create index "recipient_message_id_address" to table: "recipients"
CREATE UNIQUE INDEX `recipient_message_id_address` ON `recipients` (`message_id`, `address`);
-- create index "recipient_look_at_id" to table: "recipients"
CREATE INDEX `recipient_look_at_id` ON `recipients` (`look_at`, `id`);
-- create "replies" table
CREATE TABLE `replies` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `manner` text NOT NULL, `state` text NOT NULL DEFAULT ('DRAFT'), `to` json NULL, `cc` json NULL, `subject` text NULL, `html` text NULL, `receipt` text NOT NULL DEFAULT ('COMPLETE'), `concludes` bool NOT NULL DEFAULT (true), `created_at` datetime NOT NULL, `edited_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `approvals_needed` integer NOT NULL DEFAULT (0), `content_hash` text NULL, `send_at` datetime NOT NULL, `message_id` text NULL, `digest` text NULL, `size` integer NOT NULL DEFAULT (0), `fence` integer NOT NULL DEFAULT (0), `attempts` integer NOT NULL DEFAULT (0), `leased_until` datetime NULL, `dot_at` datetime NULL, `sent_at` datetime NULL, `settled_by` text NULL, `answer` text NULL, `last_error` text NULL, `case_id` integer NOT NULL, `answers_id` integer NULL, `mailbox_id` integer NOT NULL, `author_id` integer NOT NULL, `edited_by_id` integer NOT NULL, `submitted_by_id` integer NULL, `outgoing_id` integer NULL, CONSTRAINT `replies_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `replies_messages_answers` FOREIGN KEY (`answers_id`) REFERENCES `messages` (`id`) ON DELETE SET NULL, CONSTRAINT `replies_mailboxes_mailbox` FOREIGN KEY (`mailbox_id`) REFERENCES `mailboxes` (`id`) ON DELETE NO ACTION, CONSTRAINT `replies_users_author` FOREIGN KEY (`author_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION, CONSTRAINT `replies_users_edited_by` FOREIGN KEY (`edited_by_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION, CONSTRAINT `replies_users_submitted_by` FOREIGN KEY (`submitted_by_id`) REFERENCES `users` (`id`) ON DELETE SET NULL, CONSTRAINT `replies_messages_outgoing` FOREIGN KEY (`outgoing_id`) REFERENCES `messages` (`id`) ON DELETE SET NULL);
-- create index "replies_message_id_key" to table: "replies"
CREATE UNIQUE INDEX `replies_message_id_key` ON `replies` (`message_id`);
-- create index "reply_case_id_id" to table: "replies"
CREATE INDEX `reply_case_id_id` ON `replies` (`case_id`, `id`);
-- create index "reply_answers_id" to table: "replies"
CREATE INDEX `reply_answers_id` ON `replies` (`answers_id`);
-- create index "reply_outgoing_id" to table: "replies"
CREATE INDEX `reply_outgoing_id` ON `replies` (`outgoing_id`);
-- create index "reply_state_send_at_id" to table: "replies"
CREATE INDEX `reply_state_send_at_id` ON `replies` (`state`, `send_at`, `id`);
-- create index "reply_mailbox_id_state_send_at_id" to table: "replies"
CREATE INDEX `reply_mailbox_id_state_send_at_id` ON `replies` (`mailbox_id`, `state`, `send_at`, `id`);
-- create index "reply_mailbox_id_dot_at" to table: "replies"
CREATE INDEX `reply_mailbox_id_dot_at` ON `replies` (`mailbox_id`, `dot_at`);
-- create "reply_approvals" table
CREATE TABLE `reply_approvals` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `step` integer NOT NULL, `decided_at` datetime NOT NULL, `approved` bool NOT NULL, `content_hash` text NOT NULL, `remark` text NULL, `void` bool NOT NULL DEFAULT (false), `case_id` integer NOT NULL, `reply_id` integer NOT NULL, `decided_by_id` integer NOT NULL, CONSTRAINT `reply_approvals_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `reply_approvals_replies_reply` FOREIGN KEY (`reply_id`) REFERENCES `replies` (`id`) ON DELETE NO ACTION, CONSTRAINT `reply_approvals_users_decided_by` FOREIGN KEY (`decided_by_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "replyapproval_reply_id_id" to table: "reply_approvals"
CREATE INDEX `replyapproval_reply_id_id` ON `reply_approvals` (`reply_id`, `id`);
-- create index "replyapproval_case_id" to table: "reply_approvals"
CREATE INDEX `replyapproval_case_id` ON `reply_approvals` (`case_id`);
-- create "reply_editors" table
CREATE TABLE `reply_editors` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `until` datetime NOT NULL, `case_id` integer NOT NULL, `reply_id` integer NOT NULL, `user_id` integer NOT NULL, CONSTRAINT `reply_editors_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `reply_editors_replies_reply` FOREIGN KEY (`reply_id`) REFERENCES `replies` (`id`) ON DELETE NO ACTION, CONSTRAINT `reply_editors_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "replyeditor_reply_id_user_id" to table: "reply_editors"
CREATE UNIQUE INDEX `replyeditor_reply_id_user_id` ON `reply_editors` (`reply_id`, `user_id`);
-- create index "replyeditor_case_id" to table: "reply_editors"
CREATE INDEX `replyeditor_case_id` ON `reply_editors` (`case_id`);
-- create "reply_files" table
CREATE TABLE `reply_files` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `media_type` text NOT NULL, `content_id` text NULL, `size` integer NOT NULL, `sha256` text NOT NULL, `scan` text NOT NULL DEFAULT ('NOT_SCANNED'), `scan_text` text NULL, `added_at` datetime NOT NULL, `case_id` integer NOT NULL, `reply_id` integer NOT NULL, `attachment_id` integer NULL, `added_by_id` integer NOT NULL, CONSTRAINT `reply_files_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `reply_files_replies_reply` FOREIGN KEY (`reply_id`) REFERENCES `replies` (`id`) ON DELETE NO ACTION, CONSTRAINT `reply_files_attachments_attachment` FOREIGN KEY (`attachment_id`) REFERENCES `attachments` (`id`) ON DELETE SET NULL, CONSTRAINT `reply_files_users_added_by` FOREIGN KEY (`added_by_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "replyfile_reply_id_id" to table: "reply_files"
CREATE INDEX `replyfile_reply_id_id` ON `reply_files` (`reply_id`, `id`);
-- create index "replyfile_case_id" to table: "reply_files"
CREATE INDEX `replyfile_case_id` ON `reply_files` (`case_id`);
-- create "reply_versions" table
CREATE TABLE `reply_versions` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `number` integer NOT NULL, `begun_at` datetime NOT NULL, `saved_at` datetime NOT NULL, `content` json NOT NULL, `case_id` integer NOT NULL, `reply_id` integer NOT NULL, `saved_by_id` integer NOT NULL, CONSTRAINT `reply_versions_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE NO ACTION, CONSTRAINT `reply_versions_replies_reply` FOREIGN KEY (`reply_id`) REFERENCES `replies` (`id`) ON DELETE NO ACTION, CONSTRAINT `reply_versions_users_saved_by` FOREIGN KEY (`saved_by_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "replyversion_reply_id_number" to table: "reply_versions"
CREATE UNIQUE INDEX `replyversion_reply_id_number` ON `reply_versions` (`reply_id`, `number`);
-- create index "replyversion_case_id" to table: "reply_versions"
CREATE INDEX `replyversion_case_id` ON `reply_versions` (`case_id`);
-- create "templates" table
CREATE TABLE `templates` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `kind` text NOT NULL, `name` text NOT NULL, `subject` text NULL, `html` text NULL, `changed_at` datetime NOT NULL, `office_id` integer NULL, `user_id` integer NULL, CONSTRAINT `templates_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL, CONSTRAINT `templates_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE SET NULL);
-- create index "template_office_id_name" to table: "templates"
CREATE INDEX `template_office_id_name` ON `templates` (`office_id`, `name`);
-- create index "template_user_id_name" to table: "templates"
CREATE INDEX `template_user_id_name` ON `templates` (`user_id`, `name`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
