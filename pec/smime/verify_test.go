package smime_test

import (
	"testing"

	"github.com/smista/smista/pec/smime"
	"github.com/stretchr/testify/require"
)

func TestGoodSignature(t *testing.T) {
	t.Parallel()
	v := judge(t, sign(t, hierarchy().Provider(domain), smime.SignOptions{}))
	require.Equal(t, smime.Valid, v.Status, v.Reasons)
}
