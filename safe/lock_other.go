//go:build !unix

package safe

import "os"

// take leaves it to the operator that one command at a time changes passwords.
func take(*os.File) error { return nil }
