-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_offices" table
CREATE TABLE `new_offices` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `code` text NOT NULL, `name` text NOT NULL, `head_sees_below` bool NOT NULL DEFAULT (false), `operators_see_own` bool NOT NULL DEFAULT (false), `operators_may_take` bool NOT NULL DEFAULT (true), `reason_to_move` bool NOT NULL DEFAULT (false), `approvals` integer NOT NULL DEFAULT (0), `calendar` json NULL, `ladder` json NULL, `closed_at` datetime NULL, `parent_id` integer NULL, `successor_id` integer NULL, CONSTRAINT `offices_offices_below` FOREIGN KEY (`parent_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL, CONSTRAINT `offices_offices_absorbed` FOREIGN KEY (`successor_id`) REFERENCES `offices` (`id`) ON DELETE SET NULL);
-- copy rows from old table "offices" to new temporary table "new_offices"
INSERT INTO `new_offices` (`id`, `code`, `name`, `head_sees_below`, `operators_see_own`, `operators_may_take`, `reason_to_move`, `approvals`, `calendar`, `ladder`, `parent_id`) SELECT `id`, `code`, `name`, `head_sees_below`, `operators_see_own`, `operators_may_take`, `reason_to_move`, `approvals`, `calendar`, `ladder`, `parent_id` FROM `offices`;
-- drop "offices" table after copying rows
DROP TABLE `offices`;
-- rename temporary table "new_offices" to "offices"
ALTER TABLE `new_offices` RENAME TO `offices`;
-- create index "offices_code_key" to table: "offices"
CREATE UNIQUE INDEX `offices_code_key` ON `offices` (`code`);
-- create index "office_parent_id" to table: "offices"
CREATE INDEX `office_parent_id` ON `offices` (`parent_id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
