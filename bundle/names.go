package bundle

import (
	"fmt"
	"path"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/smista/smista/pec"
)

// names are those of a folder, as file systems compare them that know neither case
// nor how an accent is written.
type names map[string]bool

// safe gives a name that is one safe element of a path, and that no other file of the
// folder has: the second of two gets " (2)" before its extension.
func (n names) safe(hostile string, i int) string {
	name := pec.SafeName(hostile, i)
	extension := path.Ext(name)
	one := name
	for k := 2; n[alike(one)]; k++ {
		one = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, extension), k, extension)
	}
	n[alike(one)] = true
	return one
}

func alike(name string) string { return cases.Fold().String(norm.NFKC.String(name)) }
