-- +goose Up
-- modify "offices" table
ALTER TABLE "offices" ADD COLUMN "closed_at" timestamptz NULL, ADD COLUMN "successor_id" bigint NULL, ADD CONSTRAINT "offices_offices_absorbed" FOREIGN KEY ("successor_id") REFERENCES "offices" ("id") ON UPDATE NO ACTION ON DELETE SET NULL;
