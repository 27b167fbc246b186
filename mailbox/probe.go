package mailbox

import "context"

// Server says which server of a provider was tried.
type Server string

const (
	ServerIMAP Server = "imap"
	ServerSMTP Server = "smtp"
)

// Stages of a try that a submission does not have.
const (
	StageTLS     Stage = "tls"     // the protection of the connection, and the greeting
	StageFolders Stage = "folders" // opening what is collected
)

// Tried is a step of a try. The steps come in their order, and end with the first
// that failed.
type Tried struct {
	Server Server
	Stage  Stage
	Err    error // nil: it went well
}

// probe is a step to be tried.
type probe struct {
	stage Stage
	do    func() error
}

func tries(of Server, probes ...probe) (steps []Tried) {
	for _, p := range probes {
		err := p.do()
		if err == nil && p.stage == StageSettings {
			continue // nothing that anybody would wonder about
		}
		steps = append(steps, Tried{of, p.stage, err})
		if err != nil {
			break
		}
	}
	return steps
}

// Probe tries an account as collecting would use it, and changes nothing there. It
// logs in once: a second try with a wrong password could lock the account.
func (a Account) Probe(ctx context.Context, o Options) []Tried {
	o = o.withDefaults()
	var s *session
	defer func() {
		if s != nil {
			s.close()
		}
	}()
	return tries(ServerIMAP,
		probe{StageSettings, a.check},
		probe{StageConnect, func() (err error) { s, err = connect(ctx, a, o); return err }},
		probe{StageTLS, func() error { return s.do("greet", smallAnswer, func() error { return s.protect(o) }) }},
		probe{StageLogin, func() error { return s.login() }},
		probe{StageFolders, func() error { return s.examineAll() }},
	)
}

// examineAll opens each folder that is collected.
func (s *session) examineAll() error {
	folders := append([]string{"INBOX"}, s.acc.Extra...)
	if s.acc.Sent != "" {
		folders = append(folders, s.acc.Sent)
	}
	for _, folder := range folders {
		if _, err := s.examine(folder); err != nil {
			return err
		}
	}
	return nil
}

// Steps tries the settings as far as the login, as Probe does, and tells of each
// step. Their errors are *SubmitErrors.
func (o Outbound) Steps(ctx context.Context) []Tried {
	d := o.dialogue(ctx, 0)
	defer d.close()
	steps := tries(ServerSMTP,
		probe{StageSettings, o.Check},
		probe{StageConnect, d.dial},
		probe{StageTLS, func() error {
			if err := d.protectFirst(); err != nil {
				return err
			}
			return d.greet()
		}},
		probe{StageLogin, d.login},
	)
	last := &steps[len(steps)-1]
	if last.Err == nil {
		d.quit()
		return steps
	}
	last.Err = d.failed(last.Stage, last.Err)
	return steps
}
