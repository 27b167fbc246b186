// Command smista is the certified mail office of an organisation in one
// program: it shows what a PEC is, plays a provider, and runs the office.
//
//   - One file per subcommand; a subcommand reads its flags, calls a room and
//     prints; it holds no rule of the domain.
//   - An error is printed once, here, on standard error.
//   - Exit codes: 0 done, 1 failed, 2 wrong usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

const (
	exitFailed = 1
	exitUsage  = 2
)

// commands is the command line, as kong reads it.
type commands struct {
	Inspect  inspectCmd  `cmd:"" help:"Show what a PEC is: kind, signature, certification, message, attachments."`
	Unwrap   unwrapCmd   `cmd:"" help:"Write the message inside a PEC and its attachments to a folder (sbusta)."`
	Import   importCmd   `cmd:"" help:"Bring in existing mail: messages, mbox files, Maildirs, folders."`
	Provider providerCmd `cmd:"" help:"Run a PEC provider to play with: IMAP, SMTP and faults on request."`
	Demo     demoCmd     `cmd:"" help:"Run the whole system on an invented town hall, with its own provider."`
	Serve    serveCmd    `cmd:"" help:"Collect the mailboxes of a configuration and serve the API and the pages."`
	Replay   replayCmd   `cmd:"" help:"Give the quarantined messages another chance."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database schema up to date."`
	Watch    watchCmd    `cmd:"" help:"Print the events of a running system as they happen."`
	Verify   verifyCmd   `cmd:"" help:"Prove that the register of movements is what was sealed, or say which event is not."`
	User     userCmd     `cmd:"" help:"Add, change and list the people who sign in."`
	Office   officeCmd   `cmd:"" help:"Add, change and list the offices and who works there."`
	Mailbox  mailboxCmd  `cmd:"" help:"List the mailboxes and set their passwords."`
	Rekey    rekeyCmd    `cmd:"" help:"Seal all passwords of mailboxes anew, by another key."`
	Config   configCmd   `cmd:"" help:"Check or show the configuration."`
	Version  versionCmd  `cmd:"" help:"Print the version of this program."`

	VerifyWorker verifyWorkerCmd `cmd:"" hidden:"" help:"Judge signatures for another process of this program, which starts it."`
}

func main() {
	os.Exit(run(os.Args[1:]))
}

// run carries out one command line and returns the exit code. The first
// interrupt or SIGTERM asks the command to end; a second one ends it at once.
func run(args []string) int {
	parser, err := kong.New(&commands{},
		kong.Name("smista"),
		kong.Description("The certified mail (PEC) office of an organisation."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		return fail("build the command line: %v", err)
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "smista: %v\nSee smista --help.\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(); err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return fail("interrupted")
		}
		return fail("%s", sentence(err))
	}
	return 0
}

func fail(format string, args ...any) int {
	fmt.Fprintf(os.Stderr, "smista: "+format+"\n", args...)
	return exitFailed
}
