-- +goose Up
-- Nothing: SQLite has no row-level security, and no other program reads its file.
SELECT 1;
