// Package web holds the pages that the program serves, built from TypeScript
// by `make web`: the web client at /, the page to sign in at /sign-in, and GraphiQL
// at /graphiql.
//
//   - Everything is served from this program: no other host is ever asked.
//   - A page may talk to its own host alone, and run scripts of its own host
//     alone (the Content-Security-Policy below).
//   - Without a build, a page says how to make one; the program still works.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// built is the output of `make web`, or the placeholder page alone.
//
//go:embed all:dist
var built embed.FS

// screens are the first parts of the client's addresses: one page stands at all of
// them, and finds out by itself which screen is meant. The service worker has the same
// ones (src/worker/worker.ts).
var screens = map[string]bool{"": true, "admin": true, "cases": true, "desk": true, "me": true, "offices": true, "overview": true, "todo": true}

// policy is the same for all pages. Styles may stand inline, because the parts that
// the pages are made of write them so; scripts may not.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"font-src 'self' data:; connect-src 'self'; frame-src 'self'; worker-src 'self'; manifest-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// workerPolicy is that of the worker that reads PDFs, which has no document. What
// decodes scans (JBIG2, JPEG 2000) is WebAssembly of this host: it may be compiled
// there, and in no page.
const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

// policyOf adds for the client that no script and no markup is made out of texts,
// where the browser can see to that; GraphiQL's editor does make some.
func policyOf(name string) string {
	if path.Base(name) == "index.html" {
		return policy + "; require-trusted-types-for 'script'"
	}
	if strings.HasPrefix(path.Base(name), "pdf.worker") {
		return workerPolicy
	}
	return policy
}

// Handler serves the pages. It answers 404 to every other path, so that it can
// stand behind all routes of the program.
func Handler() http.Handler {
	return handler(built)
}

func handler(files fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
			return
		}
		name, found := fileOf(files, r.URL.Path)
		if !found {
			http.NotFound(w, r)
			return
		}
		setHeaders(w.Header(), name)
		http.ServeFileFS(w, r, files, name)
	})
}

// fileOf finds the file behind a path of the URL.
func fileOf(files fs.FS, urlPath string) (name string, found bool) {
	first, _, _ := strings.Cut(strings.TrimPrefix(urlPath, "/"), "/")
	if screens[first] {
		return pageOr(files, "dist/app/index.html"), true
	}
	switch urlPath {
	case "/sign-in":
		return pageOr(files, "dist/app/sign-in.html"), true
	case "/graphiql":
		return pageOr(files, "dist/app/graphiql.html"), true
	}
	name = path.Join("dist/app", path.Clean("/"+urlPath))
	return name, !strings.HasSuffix(name, ".html") && !strings.HasSuffix(name, ".json") && isFile(files, name)
}

// Operations are the GraphQL documents of the client, by their SHA-256 in lower case
// hexadecimal; none when nothing was built.
func Operations() (map[string]string, error) {
	return operations(built)
}

func operations(files fs.FS) (map[string]string, error) {
	text, err := fs.ReadFile(files, "dist/app/operations.json")
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("operations of the web client: %w", err)
	}
	var named map[string]string
	if err := json.Unmarshal(text, &named); err != nil {
		return nil, fmt.Errorf("operations of the web client: %w", err)
	}
	documents := make(map[string]string, len(named))
	for name, document := range named {
		sum := sha256.Sum256([]byte(document))
		hash := hex.EncodeToString(sum[:])
		if name != "sha256:"+hash {
			return nil, fmt.Errorf("operations of the web client: %s is not the digest of its document", name)
		}
		documents[hash] = document
	}
	return documents, nil
}

// pageOr is the page, or the placeholder when nothing was built.
func pageOr(files fs.FS, page string) string {
	if isFile(files, page) {
		return page
	}
	return "dist/index.html"
}

func isFile(files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	return err == nil && info.Mode().IsRegular()
}

// setHeaders sets what does not follow from the file alone. Names under assets
// hold a digest of their content, or the version of a library: they never change.
func setHeaders(h http.Header, name string) {
	if kind := contentType(name); kind != "" {
		h.Set("Content-Type", kind)
	}
	if strings.HasPrefix(name, "dist/app/assets/") {
		h.Set("Cache-Control", fmt.Sprintf("public, max-age=%d, immutable", 365*24*60*60))
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("Content-Security-Policy", policyOf(name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// contentType does not ask the machine's own tables, which differ.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ttf":
		return "font/ttf"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	case ".wasm":
		return "application/wasm"
	case ".bcmap", ".icc", ".pfb":
		return "application/octet-stream"
	}
	return ""
}
