package mailbox

import (
	"fmt"
	"strings"
)

// Outcome is what became of a message that was not plainly taken.
type Outcome string

const (
	OutcomeNotSent Outcome = "not sent" // the final dot was not sent: nobody has the message
	OutcomeRefused Outcome = "refused"  // the server said no to the whole message
	OutcomeUnknown Outcome = "unknown"  // the dot was sent, and no clear answer came: the message may have left
)

// Stage is how far a submission came.
type Stage string

const (
	StageSettings   Stage = "settings"
	StageConnect    Stage = "connect"    // with TLS from the first byte, where it is
	StageGreeting   Stage = "greeting"   // EHLO, and STARTTLS where it is
	StageLogin      Stage = "login"      // AUTH
	StageSender     Stage = "sender"     // MAIL
	StageRecipients Stage = "recipients" // RCPT
	StageMessage    Stage = "message"    // DATA and the bytes, up to the final dot
	StageIntent     Stage = "intent"     // the caller's own word
	StageAnswer     Stage = "answer"     // the final dot and what the server says to it
)

// SubmitError says what became of a message that was not taken, or that nobody
// knows. A wrong name or password is a *RefusedError inside it.
type SubmitError struct {
	Address string // the mailbox
	Outcome Outcome
	Stage   Stage

	Code       int    // of the server's answer (RFC 5321 §4.2), 0 where there was none
	Enhanced   string // such as 5.1.1 (RFC 3463), where it was given
	Text       string // of the answer, in one line
	Rejections []Rejection

	// Permanent means that the same message would fare the same another time. What is
	// to be mended in the settings, or at the server, is never permanent.
	Permanent bool
	Err       error
}

// Rejection is a recipient that the server does not accept.
type Rejection struct {
	Recipient string
	Code      int
	Enhanced  string
	Text      string
}

func (e *SubmitError) Error() string {
	switch e.Outcome {
	case OutcomeRefused:
		return fmt.Sprintf("the provider of %s refused the message: %v", e.Address, e.Err)
	case OutcomeUnknown:
		return fmt.Sprintf("nobody knows whether the provider of %s took the message: %v", e.Address, e.Err)
	default:
		return fmt.Sprintf("the message of %s was not sent (%s): %v", e.Address, e.Stage, e.Err)
	}
}

func (e *SubmitError) Unwrap() error { return e.Err }

// flaw is what is wrong with a message, wherever it is sent.
type flaw string

func (f flaw) Error() string { return "the message cannot be sent: " + string(f) }

// rejected is the recipients that were not accepted.
type rejected []Rejection

func (r rejected) Error() string {
	var list []string
	for _, one := range r[:min(len(r), 5)] {
		list = append(list, fmt.Sprintf("%s: %v", one.Recipient, &refusal{one.Code, one.Enhanced, one.Text}))
	}
	if more := len(r) - len(list); more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return "recipients not accepted: " + strings.Join(list, "; ")
}

// failed turns what went wrong at a stage into what it means for the message.
func (d *dialogue) failed(stage Stage, err error) *SubmitError {
	e := &SubmitError{Address: d.o.Address, Outcome: OutcomeNotSent, Stage: stage, Err: d.reason(err)}
	switch cause := err.(type) { //nolint:errorlint // these are made here, and never wrapped
	case flaw:
		e.Permanent = true
	case rejected:
		e.Rejections = cause
		e.Code, e.Enhanced, e.Text = cause[0].Code, cause[0].Enhanced, cause[0].Text
		for _, r := range cause {
			e.Permanent = e.Permanent || forGood(stage, r.Code)
		}
	case *refusal:
		e.Code, e.Enhanced, e.Text = cause.code, cause.enhanced, cause.text
		e.Permanent = forGood(stage, cause.code)
		if stage == StageLogin && aboutLogin(cause.code) {
			e.Err = &RefusedError{d.o.Address, cause.Error()}
		}
	}
	if d.dotted {
		e.Outcome = afterTheDot(e.Code)
	}
	return e
}

// afterTheDot reads the answer to the dot. Only a 5xx is a refusal (RFC 5321
// §4.2.1). A 4xx promises that nothing was done and asks for another try; but
// there are servers that have kept the message and say so all the same, when
// something after the keeping failed. A PEC must not leave twice, so that a 4xx is
// not believed: the provider's receipt, or a person, tells.
func afterTheDot(code int) Outcome {
	if code/100 == 5 {
		return OutcomeRefused
	}
	return OutcomeUnknown
}

// forGood tells whether an answer is about this message, and final. What a server
// says before MAIL is about us.
func forGood(stage Stage, code int) bool {
	switch stage {
	case StageSender, StageRecipients, StageMessage, StageAnswer:
		return code/100 == 5 && !aboutLogin(code)
	default:
		return false
	}
}

// aboutLogin: login wanted, too weak, or wrong (RFC 4954 §6).
func aboutLogin(code int) bool { return code == 530 || code == 534 || code == 535 }
