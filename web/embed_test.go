package web

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func get(t *testing.T, h http.Handler, method, path string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return w.Result()
}

func TestPagesAreServed(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"dist/index.html":           {Data: []byte("placeholder")},
		"dist/app/index.html":       {Data: []byte("client")},
		"dist/app/operations.json":  {Data: []byte("{}")},
		"dist/app/graphiql.html":    {Data: []byte("graphiql")},
		"dist/app/sign-in.html":     {Data: []byte("sign-in")},
		"dist/app/assets/a-1234.js": {Data: []byte("1")},
		"dist/app/favicon.svg":      {Data: []byte("<svg/>")},
		"dist/app/worker.js":        {Data: []byte("1")},
		"dist/app/icons/any.png":    {Data: []byte("1")},

		"dist/app/manifest.webmanifest": {Data: []byte("{}")},

		"dist/app/assets/pdfjs-5.6/wasm/jbig2.wasm": {Data: []byte("\x00asm")},
	}
	for _, tt := range []struct {
		method, path string
		status       int
		kind, cache  string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8", "no-cache"},
		{"HEAD", "/graphiql", 200, "text/html; charset=utf-8", "no-cache"},
		{"GET", "/sign-in", 200, "text/html; charset=utf-8", "no-cache"},
		{"GET", "/assets/a-1234.js", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"GET", "/assets/pdfjs-5.6/wasm/jbig2.wasm", 200, "application/wasm", "public, max-age=31536000, immutable"},
		{"GET", "/favicon.svg", 200, "image/svg+xml", "no-cache"},
		{"GET", "/worker.js", 200, "text/javascript; charset=utf-8", "no-cache"},
		{"GET", "/manifest.webmanifest", 200, "application/manifest+json", "no-cache"},
		{"GET", "/icons/any.png", 200, "image/png", "no-cache"},
		{"GET", "/cases/2026/000114", 200, "text/html; charset=utf-8", "no-cache"},
		{"GET", "/desk", 200, "text/html; charset=utf-8", "no-cache"},
		{"GET", "/operations.json", 404, "text/plain; charset=utf-8", ""},
		{"GET", "/elsewhere", 404, "text/plain; charset=utf-8", ""},
		{"GET", "/index.html", 404, "text/plain; charset=utf-8", ""},
		{"GET", "/assets", 404, "text/plain; charset=utf-8", ""},
		{"GET", "/../index.html", 404, "text/plain; charset=utf-8", ""},
		{"GET", "/graphql", 404, "text/plain; charset=utf-8", ""},
		{"POST", "/", 405, "text/plain; charset=utf-8", ""},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			t.Parallel()
			got := get(t, handler(files), tt.method, tt.path)
			require.Equal(t, tt.status, got.StatusCode)
			require.Equal(t, tt.kind, got.Header.Get("Content-Type"))
			require.Equal(t, tt.cache, got.Header.Get("Cache-Control"))
			if tt.status == 200 {
				require.Contains(t, got.Header.Get("Content-Security-Policy"), "script-src 'self';")
				require.Equal(t, "nosniff", got.Header.Get("X-Content-Type-Options"))
			}
		})
	}
}

func TestOnlyTheWorkerOfPDFsCompilesWebAssembly(t *testing.T) {
	t.Parallel()
	h := handler(fstest.MapFS{"dist/app/index.html": {}, "dist/app/assets/pdf.worker.min-1234.mjs": {}, "dist/app/assets/pdf-1234.js": {}})
	for path, may := range map[string]bool{"/": false, "/assets/pdf-1234.js": false, "/assets/pdf.worker.min-1234.mjs": true} {
		got := strings.Contains(get(t, h, "GET", path).Header.Get("Content-Security-Policy"), "wasm-unsafe-eval")
		require.Equal(t, may, got, path)
	}
}

func TestWithoutABuildThePageSaysHowToMakeOne(t *testing.T) {
	t.Parallel()
	h := handler(fstest.MapFS{"dist/index.html": {Data: []byte("run make web")}})
	for _, path := range []string{"/", "/sign-in", "/graphiql"} {
		require.Equal(t, http.StatusOK, get(t, h, "GET", path).StatusCode, path)
	}
}

func TestThisProgramServesItsPages(t *testing.T) {
	t.Parallel()
	require.Equal(t, http.StatusOK, get(t, Handler(), "GET", "/").StatusCode)
	require.Equal(t, http.StatusOK, get(t, Handler(), "GET", "/graphiql").StatusCode)
}

func TestOperationsAreNamedByTheirDigest(t *testing.T) {
	t.Parallel()
	const document = "query Head { registerHead }"
	const hash = "bc7b22e70057e88be10564c71101fcf1c82a2559316f10a119890fa671fd8462"
	good, err := operations(fstest.MapFS{"dist/app/operations.json": {Data: []byte(`{"sha256:` + hash + `":"` + document + `"}`)}})
	require.NoError(t, err)
	require.Equal(t, map[string]string{hash: document}, good)
	_, err = operations(fstest.MapFS{"dist/app/operations.json": {Data: []byte(`{"sha256:` + hash + `":"{ registerHead }"}`)}})
	require.ErrorContains(t, err, "is not the digest of its document")
	none, err := operations(fstest.MapFS{})
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestTheServiceWorkerKnowsTheScreens(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("src/worker/worker.ts")
	require.NoError(t, err)
	for screen := range screens {
		require.Regexp(t, `const screens = \[.*'`+screen+`'.*\]`, string(source))
	}
}
