// Package ent is the memory: the tables of the office, and the client that
// reads and writes them. ent/schema is written by hand; all other Go files
// here are generated from it by "make generate".
package ent

//go:generate go run -mod=mod entc.go
