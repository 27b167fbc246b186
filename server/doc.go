// Package server is where all rooms meet: it reads the configuration, starts
// what listens and what runs, and stops it in good order.
//
//   - It holds no rule of the domain.
//   - Everything that can be set is a field of Config; unknown settings are refused.
//   - No secret is printed or logged.
//
//go:generate go test -run TestReferenceIsWritten . -update
package server
