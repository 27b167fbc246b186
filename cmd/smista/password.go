package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxPasswordLine is the longest line that is read for a password, in bytes.
const maxPasswordLine = 4096

// passwordFlags say where a new password comes from. It is never an argument:
// those can be read by everybody on the machine.
type passwordFlags struct {
	PasswordStdin bool `help:"Read the password as one line from standard input, instead of asking for it at the terminal."`
}

// read gives a password, from the terminal without showing it, and twice.
func (f passwordFlags) read() (string, error) {
	if f.PasswordStdin {
		return passwordLine(os.Stdin)
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", errors.New("standard input is no terminal to ask for the password at: use --password-stdin")
	}
	first, second, err := askTwice()
	switch {
	case errors.Is(err, io.EOF): // Ctrl+C, or Ctrl+D
		return "", errors.New(words("nessuna password: interrotto", "no password: interrupted"))
	case err != nil:
		return "", fmt.Errorf("read the password: %w", err)
	case first != second:
		return "", errors.New(words("le due password non sono uguali", "the two passwords are not the same"))
	}
	return checkedPassword(first)
}

// askTwice asks at the terminal. It shows nothing of what is typed from before
// the first question on.
func askTwice() (first, second string, err error) {
	in := int(os.Stdin.Fd())
	before, err := term.MakeRaw(in)
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, term.Restore(in, before)) }()
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{os.Stdin, os.Stderr}, "")
	if first, err = t.ReadPassword(words("Nuova password: ", "New password: ")); err != nil {
		return "", "", err
	}
	second, err = t.ReadPassword(words("Ancora una volta: ", "Once more: "))
	return first, second, err
}

func passwordLine(in io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(in, maxPasswordLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return checkedPassword(strings.TrimRight(line, "\r\n"))
}

func checkedPassword(password string) (string, error) {
	if password == "" {
		return "", errors.New(words("la password è vuota", "the password is empty"))
	}
	return password, nil
}
