-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_notices" table
CREATE TABLE `new_notices` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `key` text NOT NULL, `kind` text NOT NULL, `item` json NOT NULL, `created_at` datetime NOT NULL, `state` text NOT NULL DEFAULT ('waiting'), `send_at` datetime NOT NULL, `letter` text NULL, `leased_until` datetime NULL, `attempts` integer NOT NULL DEFAULT (0), `last_error` text NULL, `sent_at` datetime NULL, `push` text NOT NULL DEFAULT ('none'), `push_at` datetime NULL, `push_topic` text NULL, `push_begun_at` datetime NULL, `push_leased_until` datetime NULL, `push_done` json NULL, `user_id` integer NOT NULL, `case_id` integer NULL, CONSTRAINT `notices_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION, CONSTRAINT `notices_case_files_case` FOREIGN KEY (`case_id`) REFERENCES `case_files` (`id`) ON DELETE SET NULL);
-- copy rows from old table "notices" to new temporary table "new_notices"
INSERT INTO `new_notices` (`id`, `key`, `kind`, `item`, `created_at`, `state`, `send_at`, `letter`, `leased_until`, `attempts`, `last_error`, `sent_at`, `user_id`, `case_id`) SELECT `id`, `key`, `kind`, `item`, `created_at`, `state`, `send_at`, `letter`, `leased_until`, `attempts`, `last_error`, `sent_at`, `user_id`, `case_id` FROM `notices`;
-- drop "notices" table after copying rows
DROP TABLE `notices`;
-- rename temporary table "new_notices" to "notices"
ALTER TABLE `new_notices` RENAME TO `notices`;
-- create index "notices_key_key" to table: "notices"
CREATE UNIQUE INDEX `notices_key_key` ON `notices` (`key`);
-- create index "notice_state_send_at_id" to table: "notices"
CREATE INDEX `notice_state_send_at_id` ON `notices` (`state`, `send_at`, `id`);
-- create index "notice_user_id_state_send_at" to table: "notices"
CREATE INDEX `notice_user_id_state_send_at` ON `notices` (`user_id`, `state`, `send_at`);
-- create index "notice_push_push_at_id" to table: "notices"
CREATE INDEX `notice_push_push_at_id` ON `notices` (`push`, `push_at`, `id`);
-- create index "notice_user_id_push_push_at" to table: "notices"
CREATE INDEX `notice_user_id_push_push_at` ON `notices` (`user_id`, `push`, `push_at`);
-- create index "notice_user_id_push_begun_at" to table: "notices"
CREATE INDEX `notice_user_id_push_begun_at` ON `notices` (`user_id`, `push_begun_at`);
-- create "push_keys" table
CREATE TABLE `push_keys` (`id` integer NOT NULL, `sealed` blob NOT NULL, `made_at` datetime NOT NULL, PRIMARY KEY (`id`));
-- create "push_subscriptions" table
CREATE TABLE `push_subscriptions` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `endpoint` text NOT NULL, `p256dh` text NOT NULL, `auth` text NOT NULL, `label` text NOT NULL, `created_at` datetime NOT NULL, `used_at` datetime NULL, `failures` integer NOT NULL DEFAULT (0), `next_at` datetime NULL, `user_id` integer NOT NULL, CONSTRAINT `push_subscriptions_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION);
-- create index "push_subscriptions_endpoint_key" to table: "push_subscriptions"
CREATE UNIQUE INDEX `push_subscriptions_endpoint_key` ON `push_subscriptions` (`endpoint`);
-- create index "pushsubscription_user_id" to table: "push_subscriptions"
CREATE INDEX `pushsubscription_user_id` ON `push_subscriptions` (`user_id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
