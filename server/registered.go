package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/smista/smista/graph"
	"github.com/smista/smista/graph/model"
)

// registered knows documents by their SHA-256: a client may name one so, in
// extensions.persistedQuery.sha256Hash, instead of telling it in full. It can also
// let nothing else be executed: what else somebody may think of costs nothing then.
type registered struct {
	documents map[string]string // by SHA-256, in lower case hexadecimal
	only      bool
}

// registeredOperations reads the documents of a folder, files named *.graphql; none
// when no folder is named. One that the contract does not allow is an error.
func registeredOperations(folder string) (map[string]string, error) {
	if folder == "" {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.graphql"))
	if err != nil {
		return nil, fmt.Errorf("registered operations: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("registered operations: there is no *.graphql file in %s: nothing could be asked", folder)
	}
	schema := graph.Schema(&graph.Resolver{}).Schema()
	documents := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("registered operations: %w", err)
		}
		if _, wrong := gqlparser.LoadQueryWithRules(schema, string(text), rules.NewDefaultRules()); len(wrong) > 0 {
			return nil, fmt.Errorf("registered operations: %s is not allowed by the contract: %w", file, wrong)
		}
		documents[hashOf(string(text))] = string(text)
	}
	return documents, nil
}

func hashOf(document string) string {
	sum := sha256.Sum256([]byte(document))
	return hex.EncodeToString(sum[:])
}

// ExtensionName implements graphql.HandlerExtension.
func (registered) ExtensionName() string { return "Registered" }

// Validate implements graphql.HandlerExtension.
func (registered) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters implements graphql.OperationParameterMutator.
func (r registered) MutateOperationParameters(_ context.Context, raw *graphql.RawParams) *gqlerror.Error {
	persisted, _ := raw.Extensions["persistedQuery"].(map[string]any)
	asked, _ := persisted["sha256Hash"].(string)
	if asked == "" {
		if !r.only {
			return nil
		}
		asked = hashOf(raw.Query)
	}
	document, known := r.documents[asked]
	switch {
	case raw.Query != "" && hashOf(raw.Query) != asked:
		return unregistered(model.BadInput, "the document is not the one whose SHA-256 was given")
	case !known && !r.only && raw.Query != "":
		return nil // the hash of what is there in full
	case !known:
		return unregistered(model.OperationUnknown, "no operation is registered under this SHA-256")
	}
	raw.Query = document
	return nil
}

func unregistered(code model.Code, text string) *gqlerror.Error {
	wrapped := gqlerror.WrapPath(nil, &model.Error{Code: code, English: text})
	errcode.Set(wrapped, errcode.ValidationFailed)
	return wrapped
}

var _ graphql.OperationParameterMutator = registered{}
