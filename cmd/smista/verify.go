package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/smista/smista/pec/smime/isolate"
	"github.com/smista/smista/server"
)

// verifyWorkerCmd is the child process in which signatures are parsed, so that
// none can kill the program; see pec/smime/isolate.
type verifyWorkerCmd struct {
	Trust string `type:"path" help:"Folder of the anchors; without it, the embedded ones." placeholder:"DIR"`
}

// Run serves until its input ends.
func (c verifyWorkerCmd) Run() error { return isolate.Run(c.Trust) }

// verifyCmd compares the register of movements with its seals.
type verifyCmd struct {
	peopleFlags

	Key string `help:"Public key of the seals, kept elsewhere; without it, the one that stands beside them." placeholder:"KEY"`
}

// Run says of each event that was changed, removed or inserted which it is; an
// error when there is any.
func (c verifyCmd) Run(ctx context.Context) error {
	config, err := c.settings()
	if err != nil {
		return err
	}
	report, err := server.VerifyRegister(ctx, config, c.Key, logger(config.Log))
	if err != nil {
		return err
	}
	for _, f := range report.Found {
		fmt.Println(words(f.Italian(), f.English()))
	}
	if report.More > 0 {
		fmt.Printf(words("E altre %d alterazioni.\n", "And %d findings more.\n"), report.More)
	}
	switch {
	case !report.OK():
		return errors.New(words("il registro non è quello che fu sigillato", "the register is not what was sealed"))
	case report.Heads == 0 && report.Events > 0:
		return fmt.Errorf(words(
			"nessun sigillo prova i %d movimenti del registro: smista serve li sigilla",
			"no seal proves the %d events of the register: smista serve seals them"), report.Events)
	}
	fmt.Printf(words(
		"Il registro è integro: %d movimenti, fino al %d sigillati (%s), %d non ancora.\n",
		"The register is whole: %d events, up to %d sealed (%s), %d not yet.\n"),
		report.Events, report.Head.Size, report.Head.Time.Format(time.RFC3339), report.Unsealed)
	return nil
}
