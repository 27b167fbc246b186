// Package graph answers schema.graphql from the database.
//
//   - It holds no rule of the domain, and every row comes through the guarded client.
//   - What a query selects is planned before it is read: one statement for each
//     edge of the query, however many rows it finds.
//   - A list is read by place in its order, never by offset, and never whole.
//   - An error that is not expected says nothing but where to find it in the log.
package graph

import (
	"log/slog"

	"github.com/99designs/gqlgen/graphql"

	"github.com/smista/smista/almanac"
	"github.com/smista/smista/casework"
	"github.com/smista/smista/closure"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/event"
	"github.com/smista/smista/reply"
	"github.com/smista/smista/rulebook"
	"github.com/smista/smista/staff"
)

//go:generate go -C .. tool gqlgen generate

// Resolver answers the fields of the contract.
type Resolver struct {
	Client     *ent.Client // guarded
	Log        *event.Log
	Feed       *event.Feed
	Logger     *slog.Logger
	Work       *casework.Casework
	Dossier    *dossier.Dossier
	Replies    *reply.Replies
	Staff      *staff.Staff
	Rules      *rulebook.Rulebook
	Almanac    *almanac.Almanac
	Closing    *closure.Closing
	Readings   *Readings
	Mailboxes  Mailboxes // nil: none are reached
	Quarantine Quarantine
	House      House  // nil: there is none to tell of
	Push       string // the public key that browsers subscribe with; empty: push is off
}

// Schema is the contract together with what answers it.
func Schema(r *Resolver) graphql.ExecutableSchema {
	return NewExecutableSchema(Config{Resolvers: r})
}
