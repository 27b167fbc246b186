-- +goose Up
-- create "leases" table
CREATE TABLE `leases` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `holder` text NOT NULL DEFAULT (''), `fence` integer NOT NULL DEFAULT (0), `beat` integer NOT NULL DEFAULT (0));
-- create index "leases_name_key" to table: "leases"
CREATE UNIQUE INDEX `leases_name_key` ON `leases` (`name`);
