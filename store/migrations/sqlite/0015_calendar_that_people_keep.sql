-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_deadline_policies" table
CREATE TABLE `new_deadline_policies` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `scope` text NOT NULL, `scope_id` integer NOT NULL DEFAULT (0), `kind` text NOT NULL, `amount` text NOT NULL, `origin` text NOT NULL DEFAULT ('CONFIGURATION'), `version` integer NOT NULL DEFAULT (0));
-- copy rows from old table "deadline_policies" to new temporary table "new_deadline_policies"
INSERT INTO `new_deadline_policies` (`id`, `scope`, `scope_id`, `kind`, `amount`) SELECT `id`, `scope`, `scope_id`, `kind`, `amount` FROM `deadline_policies`;
-- drop "deadline_policies" table after copying rows
DROP TABLE `deadline_policies`;
-- rename temporary table "new_deadline_policies" to "deadline_policies"
ALTER TABLE `new_deadline_policies` RENAME TO `deadline_policies`;
-- create index "deadlinepolicy_origin_scope_scope_id_kind" to table: "deadline_policies"
CREATE UNIQUE INDEX `deadlinepolicy_origin_scope_scope_id_kind` ON `deadline_policies` (`origin`, `scope`, `scope_id`, `kind`);
-- add column "calendar" to table: "terms"
ALTER TABLE `terms` ADD COLUMN `calendar` json NULL;
-- create "closures" table
CREATE TABLE `closures` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `from_day` text NOT NULL, `to_day` text NOT NULL, `version` integer NOT NULL DEFAULT (1), `office_id` integer NULL, CONSTRAINT `closures_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL);
-- create index "closure_office_id_from_day" to table: "closures"
CREATE INDEX `closure_office_id_from_day` ON `closures` (`office_id`, `from_day`);
-- create "patron_days" table
CREATE TABLE `patron_days` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `scope_id` integer NOT NULL, `day` text NOT NULL, `version` integer NOT NULL DEFAULT (1));
-- create index "patron_days_scope_id_key" to table: "patron_days"
CREATE UNIQUE INDEX `patron_days_scope_id_key` ON `patron_days` (`scope_id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
