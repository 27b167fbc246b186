package pec_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
)

var update = flag.Bool("update", false, "write the golden files anew")

const samplesDir = "../../shared/samples"

// samples gives the real messages by name; the test is skipped where they are
// not at hand, since they are other people's mail and no part of the project.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	paths, err := filepath.Glob(filepath.Join(samplesDir, "*", "*.eml"))
	require.NoError(t, err)
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		found[filepath.Base(filepath.Dir(path))+"+"+strings.TrimSuffix(filepath.Base(path), ".eml")] = raw
	}
	if len(found) == 0 {
		t.Skip("the samples of real messages are not in " + samplesDir)
	}
	return found
}

func read(t testing.TB, raw []byte, o pec.Options) *pec.Message {
	t.Helper()
	m, err := pec.Read(t.Context(), bytes.NewReader(raw), int64(len(raw)), o)
	require.NoError(t, err)
	return m
}

// The golden files hold what is known of each real message, reviewed by hand.
func TestSamplesGolden(t *testing.T) {
	t.Parallel()
	for name, raw := range samples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := read(t, raw, genuine()).Report(name + ".eml")
			if strings.Contains(name, "namirial") { // spam: its link is not for keeping
				require.Contains(t, report.Message.Text, "https://")
				report.Message.Text = "(left out)"
			}
			got, err := json.MarshalIndent(report, "", "  ")
			require.NoError(t, err)
			golden := filepath.Join("testdata", "golden", name+".json")
			if *update {
				require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(strings.TrimSpace(string(want)), string(got)))
		})
	}
}
