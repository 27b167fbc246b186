package smime_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/smista/smista/pec/smime"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The same signature in BER and in DER is the same signature.
func TestNormaliseGivesDER(t *testing.T) {
	t.Parallel()
	id := hierarchy().Provider(domain)
	der := sign(t, id, smime.SignOptions{})
	for _, p7s := range [][]byte{der, sign(t, id, smime.SignOptions{BER: true})} {
		got, err := smime.Normalise(p7s)
		require.NoError(t, err)
		require.Equal(t, der, got)
	}
}

// node is an element to be encoded in both ways.
type node struct{ ber, der []byte }

// Whatever way the lengths are written, normalising gives the shortest, and
// nothing more to do.
func TestNormaliseAnyTree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tree := drawNode(t, 6)
		got, err := smime.Normalise(tree.ber)
		require.NoError(t, err)
		require.Equal(t, tree.der, got)
		again, err := smime.Normalise(got)
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}

func drawNode(t *rapid.T, depth int) node {
	if depth == 0 || rapid.Bool().Draw(t, "primitive") {
		value := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "value")
		return node{ber: drawLength(t, 0x04, value), der: smime.TLV(0x04, value)}
	}
	var ber, der [][]byte
	for range rapid.IntRange(0, 4).Draw(t, "children") {
		child := drawNode(t, depth-1)
		ber, der = append(ber, child.ber), append(der, child.der)
	}
	n := node{der: smime.TLV(0x30, der...)}
	if rapid.Bool().Draw(t, "indefinite") {
		n.ber = smime.Indefinite(0x30, ber...)
	} else {
		n.ber = drawLength(t, 0x30, slices.Concat(ber...))
	}
	return n
}

// drawLength writes an element with a length that may be longer than need be.
func drawLength(t *rapid.T, tag byte, value []byte) []byte {
	if n := len(value); rapid.Bool().Draw(t, "long") {
		return append([]byte{tag, 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, value...)
	}
	return smime.TLV(tag, value)
}

func TestNormaliseRefuses(t *testing.T) {
	t.Parallel()
	nested := func(levels int) []byte {
		return append(bytes.Repeat([]byte{0x30, 0x80}, levels), bytes.Repeat([]byte{0, 0}, levels)...)
	}
	tests := map[string]struct {
		ber  []byte
		want string
	}{
		"nothing":                     {nil, "ends before"},
		"half a header":               {[]byte{0x30}, "ends before"},
		"value cut":                   {[]byte{0x04, 0x05, 1, 2}, "ends before"},
		"length cut":                  {[]byte{0x04, 0x82, 1}, "ends before"},
		"child longer than parent":    {[]byte{0x30, 0x03, 0x04, 0x05, 1, 2, 3, 4, 5}, "ends before"},
		"open end":                    {[]byte{0x30, 0x80, 0x05, 0x00}, "ends before"},
		"end past an outer end":       {[]byte{0x30, 0x03, 0x30, 0x80, 0x00, 0x00}, "ends before"},
		"open primitive":              {[]byte{0x04, 0x80, 0, 0}, "not well-formed"},
		"length of five bytes":        {[]byte{0x04, 0x85, 0, 0, 0, 0, 0}, "not well-formed"},
		"length of 4 GiB":             {[]byte{0x04, 0x84, 0xff, 0xff, 0xff, 0xff}, "ends before"},
		"high tag number":             {[]byte{0x1f, 0x81, 0x01, 0x00}, "not well-formed"},
		"end mark where none is open": {[]byte{0x30, 0x02, 0x00, 0x00}, "not well-formed"},
		"a second element":            {[]byte{0x05, 0x00, 0x05, 0x00}, "bytes after"},
		"65 levels":                   {nested(65), "more than 64 levels"},
		"256 KiB and one":             {smime.TLV(0x04, make([]byte, 256<<10)), "larger than"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := smime.Normalise(tt.ber)
			require.ErrorContains(t, err, tt.want)
		})
	}
	_, err := smime.Normalise(nested(64))
	require.NoError(t, err, "64 levels are allowed")
}
