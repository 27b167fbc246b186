package model

import (
	"context"
	"encoding/base64"
	"io"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// maxID is far above what an id of ours takes.
const maxID = 100

// GlobalID names one thing among all: the type of the contract and its number.
type GlobalID struct {
	Type string
	Row  int
}

// String is what the client sees: opaque, safe in a path.
func (id GlobalID) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(id.Type + ":" + strconv.Itoa(id.Row)))
}

// ParseID reads an id. What no answer of ours ever gave is a GlobalID of no
// type, which finds nothing: to ask for it is not an error.
func ParseID(s string) GlobalID {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(s) > maxID {
		return GlobalID{}
	}
	kind, number, found := strings.Cut(string(b), ":")
	row, err := strconv.Atoi(number)
	if !found || err != nil || row <= 0 {
		return GlobalID{}
	}
	return GlobalID{Type: kind, Row: row}
}

// MarshalGQL writes the id.
func (id GlobalID) MarshalGQL(w io.Writer) { quoted(id.String()).MarshalGQL(w) }

// UnmarshalGQL reads an id.
func (id *GlobalID) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return Invalid("an ID is a string, as some earlier answer gave it")
	}
	*id = ParseID(s)
	return nil
}

// MarshalRowID writes the number of a row as the id of the type that is being answered.
func MarshalRowID(row int) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		GlobalID{Type: graphql.GetFieldContext(ctx).Object, Row: row}.MarshalGQL(w)
		return nil
	})
}

// UnmarshalRowID is never called: what comes in is a GlobalID.
func UnmarshalRowID(context.Context, any) (int, error) {
	return 0, Invalid("an ID comes in as a GlobalID")
}

// Node is a thing with an id: a row of one of the tables of the contract.
type Node interface{ String() string }
