package safe

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheKeyIsMadeWhenFirstNeededAndReadableByNobodyElse(t *testing.T) {
	t.Parallel()
	s := local(t)
	require.NoFileExists(t, s.file, "opening makes none")
	_, err := s.Unseal(t.Context(), tributi, []byte("anything"))
	require.ErrorContains(t, err, "is missing: bring it back from the backup")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NotErrorIs(t, err, ErrOtherKey)

	sealed, err := s.Seal(t.Context(), tributi, NewPassword(canary))
	require.NoError(t, err)
	info, err := os.Stat(s.file)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode())
	again := opened(t, "", s.file)
	p, err := again.Unseal(t.Context(), tributi, sealed)
	require.NoError(t, err)
	require.Equal(t, canary, p.Reveal())
	files, err := os.ReadDir(filepath.Dir(s.file))
	require.NoError(t, err)
	require.Len(t, files, 1, "nothing is left of the making")
}

func TestAKeyThatOthersCanReadIsRefused(t *testing.T) {
	t.Parallel()
	s := local(t)
	sealed, err := s.Seal(t.Context(), tributi, NewPassword(canary))
	require.NoError(t, err)
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o660, 0o601} {
		require.NoError(t, os.Chmod(s.file, mode))
		_, err = s.Unseal(t.Context(), tributi, sealed)
		require.ErrorContains(t, err, s.file+" can be read by others: chmod 600 it")
		_, err = s.Seal(t.Context(), tributi, NewPassword(canary))
		require.ErrorContains(t, err, "can be read by others")
	}
	require.NoError(t, os.Chmod(s.file, 0o400))
	_, err = s.Unseal(t.Context(), tributi, sealed)
	require.NoError(t, err)
}

func TestAFileThatHoldsNoKeyIsNeverReplaced(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"empty": "", "short": "c4nary", "other": strings.Repeat("c4nary ", 6)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := local(t)
			require.NoError(t, os.WriteFile(s.file, []byte(text), 0o600))
			_, err := s.Seal(t.Context(), tributi, NewPassword(canary))
			require.ErrorContains(t, err, s.file+": it holds no key")
			require.NotContains(t, err.Error(), "c4nary")
			kept, err := os.ReadFile(s.file)
			require.NoError(t, err)
			require.Equal(t, text, string(kept))
		})
	}
}

func TestWhoMakesTheKeySecondTakesTheFirst(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "smista.key")
	keys := make([]key, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			k, err := makeKey(path)
			if err == nil {
				keys[i] = k
			}
		})
	}
	all.Wait()
	for _, k := range keys {
		require.NotZero(t, k)
		require.Equal(t, keys[0], k)
	}
}
