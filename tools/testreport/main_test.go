package main

import (
	"bytes"
	"strings"
	"testing"
)

func reportOf(t *testing.T, lines ...string) (text string, failed bool) {
	t.Helper()
	var out bytes.Buffer
	r := report{out: &out, output: map[string][]string{}}
	if err := r.read(strings.NewReader(strings.Join(lines, "\n"))); err != nil {
		t.Fatal(err)
	}
	failed = r.finish()
	return out.String(), failed
}

func TestReport(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		lines  []string
		failed bool
		want   []string
	}{
		{"a skip is listed with its reason", []string{
			`{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}`,
			`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:1: no dovecot here\n"}`,
			`{"Action":"output","Package":"p","Test":"TestA","Output":"--- SKIP: TestA (0.00s)\n"}`,
			`{"Action":"skip","Package":"p","Test":"TestA"}`,
			`{"Action":"pass","Package":"p","Test":"TestB"}`,
			`{"Action":"pass","Package":"p","Elapsed":1.5}`,
		}, false, []string{"ok   p (1.5 s)", "!!! 1 skipped", "p TestA: a_test.go:1: no dovecot here", "1 passed, 0 failed, 1 skipped"}},
		{"a failure is shown with its output", []string{
			`{"Action":"output","Package":"p","Test":"TestA","Output":"    want 1, got 2\n"}`,
			`{"Action":"fail","Package":"p","Test":"TestA"}`,
			`{"Action":"fail","Package":"p","Elapsed":0.1}`,
		}, true, []string{"--- FAIL: p TestA", "want 1, got 2", "0 passed, 1 failed, 0 skipped"}},
		{"what does not build is a failure", []string{
			`{"Action":"build-output","ImportPath":"p","Output":"p.go:1: undefined: x\n"}`,
			`{"Action":"fail","Package":"p","FailedBuild":"p"}`,
		}, true, []string{"undefined: x", "FAIL p"}},
		{"a test that never ended is shown", []string{
			`{"Action":"output","Package":"p","Test":"TestA","Output":"panic: oh\n"}`,
			`{"Action":"fail","Package":"p","Elapsed":3}`,
		}, true, []string{"--- NOT ENDED: TestA", "panic: oh"}},
		{"what took longest is listed, without its parts", []string{
			`{"Action":"pass","Package":"p","Test":"TestQuick","Elapsed":0.5}`,
			`{"Action":"pass","Package":"p","Test":"TestSlow/part","Elapsed":8}`,
			`{"Action":"pass","Package":"p","Test":"TestSlow","Elapsed":9}`,
			`{"Action":"pass","Package":"p","Test":"TestSlower","Elapsed":12.25}`,
		}, false, []string{"  12.2 s  p TestSlower\n   9.0 s  p TestSlow\n\n4 passed"}},
		{"what the go command says itself is passed on", []string{`go: cannot find main module`}, false, []string{"go: cannot find main module"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text, failed := reportOf(t, tt.lines...)
			if failed != tt.failed {
				t.Errorf("failed is %v, want %v", failed, tt.failed)
			}
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in:\n%s", want, text)
				}
			}
		})
	}
}
