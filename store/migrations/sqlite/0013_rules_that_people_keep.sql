-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_routing_rules" table
CREATE TABLE `new_routing_rules` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `priority` integer NOT NULL DEFAULT (100), `turn` integer NOT NULL DEFAULT (0), `condition` json NOT NULL, `enabled` bool NOT NULL DEFAULT (true), `draft` bool NOT NULL DEFAULT (false), `origin` text NOT NULL DEFAULT ('CONFIGURATION'), `version` integer NOT NULL DEFAULT (0), `hits` integer NOT NULL DEFAULT (0), `last_hit_at` datetime NULL, `removed_at` datetime NOT NULL, `office_id` integer NOT NULL, `assignee_id` integer NULL, CONSTRAINT `routing_rules_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE NO ACTION, CONSTRAINT `routing_rules_users_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `users` (`id`) ON DELETE SET NULL);
-- copy rows from old table "routing_rules" to new temporary table "new_routing_rules"
INSERT INTO `new_routing_rules` (`id`, `name`, `priority`, `condition`, `enabled`, `office_id`, `assignee_id`, `removed_at`, `hits`, `last_hit_at`) SELECT `id`, `name`, `priority`, `condition`, `enabled`, `office_id`, `assignee_id`, '9999-12-31 00:00:00+00:00', (SELECT count(*) FROM `case_files` AS c WHERE c.`rule_id` = `routing_rules`.`id`), (SELECT max(c.`received_at`) FROM `case_files` AS c WHERE c.`rule_id` = `routing_rules`.`id`) FROM `routing_rules`; -- what the rules did so far, as far as cases still name them
-- drop "routing_rules" table after copying rows
DROP TABLE `routing_rules`;
-- rename temporary table "new_routing_rules" to "routing_rules"
ALTER TABLE `new_routing_rules` RENAME TO `routing_rules`;
-- create index "routingrule_origin_name_removed_at" to table: "routing_rules"
CREATE UNIQUE INDEX `routingrule_origin_name_removed_at` ON `routing_rules` (`origin`, `name`, `removed_at`);
-- create "rule_versions" table
CREATE TABLE `rule_versions` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `number` integer NOT NULL, `saved_at` datetime NOT NULL, `how` text NOT NULL, `name` text NOT NULL, `priority` integer NOT NULL, `condition` json NOT NULL, `enabled` bool NOT NULL, `rule_id` integer NOT NULL, `author_id` integer NOT NULL, `office_id` integer NOT NULL, `assignee_id` integer NULL, CONSTRAINT `rule_versions_routing_rules_rule` FOREIGN KEY (`rule_id`) REFERENCES `routing_rules` (`id`) ON DELETE NO ACTION, CONSTRAINT `rule_versions_users_author` FOREIGN KEY (`author_id`) REFERENCES `users` (`id`) ON DELETE NO ACTION, CONSTRAINT `rule_versions_offices_office` FOREIGN KEY (`office_id`) REFERENCES `offices` (`id`) ON DELETE NO ACTION, CONSTRAINT `rule_versions_users_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `users` (`id`) ON DELETE SET NULL);
-- create index "ruleversion_rule_id_number" to table: "rule_versions"
CREATE UNIQUE INDEX `ruleversion_rule_id_number` ON `rule_versions` (`rule_id`, `number`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
