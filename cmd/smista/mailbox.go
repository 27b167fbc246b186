package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/smista/smista/guard"
	"github.com/smista/smista/safe"
	"github.com/smista/smista/server"
)

// mailboxCmd is smista mailbox.
type mailboxCmd struct {
	List        mailboxListCmd        `cmd:"" help:"List the mailboxes, where their passwords are, and how they do."`
	SetPassword mailboxSetPasswordCmd `cmd:"" help:"Seal the password of a mailbox. A running system takes it at its next login."`
}

// passwords opens the passwords; what follows is done in the name of the command line.
func (f peopleFlags) passwords(ctx context.Context) (context.Context, *server.Passwords, server.Config, error) {
	config, err := f.settings()
	if err != nil {
		return ctx, nil, config, err
	}
	passwords, err := server.OpenPasswords(ctx, config, logger(config.Log))
	return guard.NewContext(ctx, guard.System("cli")), passwords, config, err
}

type mailboxListCmd struct{ peopleFlags }

// Run prints one mailbox per line.
func (c mailboxListCmd) Run(ctx context.Context) error {
	ctx, passwords, _, err := c.passwords(ctx)
	if err != nil {
		return err
	}
	defer passwords.Close()
	list, err := passwords.List(ctx)
	if err != nil {
		return err
	}
	t := newTable("ADDRESS", "OFFICE", "IMAP", "SMTP", "PASSWORD", "STATE", "PROBLEM")
	for _, m := range list {
		t.row(m.Address, m.Office, m.IMAP, m.SMTP, m.Password, m.Health, m.Problem)
	}
	return t.print()
}

type mailboxSetPasswordCmd struct {
	peopleFlags
	passwordFlags

	Address string `arg:"" help:"Address of the mailbox."`
	Check   bool   `help:"Log in with it first, and keep it only when the provider takes it."`
}

// Run keeps the password.
func (c mailboxSetPasswordCmd) Run(ctx context.Context) error {
	ctx, passwords, config, err := c.passwords(ctx)
	if err != nil {
		return err
	}
	defer passwords.Close()
	box, err := config.Mailbox(c.Address)
	if err != nil {
		return err
	}
	text, err := c.read()
	if err != nil {
		return err
	}
	password := safe.NewPassword(text)
	if c.Check {
		if err := passwords.Try(ctx, box, password); err != nil {
			return fmt.Errorf("%s: %w", words("la password non è stata conservata", "the password was not kept"), err)
		}
	}
	if err := passwords.Set(ctx, box, password); err != nil {
		return err
	}
	if box.PasswordFile != "" || box.PasswordEnv != "" {
		fmt.Fprintln(os.Stderr, words(
			"La configurazione indica ancora password_file o password_env per questa casella, e vale quella: toglierla.",
			"The configuration still names password_file or password_env for this mailbox, and that one holds: remove it."))
	}
	return nil
}

// newLocalKey is what --to says for a new local key.
const newLocalKey = "new"

// rekeyCmd is smista rekey.
type rekeyCmd struct {
	peopleFlags

	To string `required:"" env:"SMISTA_REKEY_TO" help:"Address of the other key, as [secrets] key takes it; new for a new local key file. Where a key stands in it, say it by the variable." placeholder:"URL|new"`
}

// Run seals all passwords anew.
func (c rekeyCmd) Run(ctx context.Context) error {
	ctx, passwords, config, err := c.passwords(ctx)
	if err != nil {
		return err
	}
	defer passwords.Close()
	if c.To == "" {
		return errors.New("say the address of the other key with --to, or new")
	}
	if c.To == newLocalKey {
		n, err := passwords.Renew(ctx)
		if err != nil {
			return err
		}
		fmt.Printf(words("Risigillate %d password con una chiave nuova, in %s: conservarne una copia, altrove.\n",
			"Sealed %d passwords by a new key, in %s: keep a copy of it, elsewhere.\n"), n, passwords.KeyFile())
		if config.Secrets.Key != "" {
			fmt.Println(words("Ora togliere key da [secrets] nella configurazione e riavviare.",
				"Now remove key from [secrets] in the configuration, and restart."))
		}
		return nil
	}
	to := safe.URL(c.To)
	n, err := passwords.Rekey(ctx, to)
	if err != nil {
		return err
	}
	fmt.Printf(words("Risigillate %d password con un'altra chiave. Ora scrivere in [secrets] della configurazione key = %q e riavviare: fino ad allora non si può accedere di nuovo alle caselle.\n",
		"Sealed %d passwords by another key. Now write key = %q into [secrets] of the configuration, and restart: until then nobody can log in to the mailboxes anew.\n"), n, to.String())
	return nil
}
