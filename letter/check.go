package letter

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fault is what is wrong with something.
type Fault string

// The faults.
const (
	Missing   Fault = "missing"   // it must be there
	Malformed Fault = "malformed" // it is not what it should be
	TooLong   Fault = "too long"
	TooMany   Fault = "too many"
	Repeated  Fault = "repeated" // it may be there once
	Unknown   Fault = "unknown"  // the text shows a picture that is not attached
)

// Place is the part of a letter that a problem is in.
type Place string

// The places.
const (
	InMessageID  Place = "message id"
	InDate       Place = "date"
	InSender     Place = "sender"
	InRecipients Place = "recipients"
	InSubject    Place = "subject"
	InText       Place = "text"
	InReceipt    Place = "receipt"
	InFiles      Place = "files"
)

// Problem is a reason why a letter cannot be sent.
type Problem struct {
	Place Place
	Fault Fault
	Value string // of what is wrong, cut; empty where that says nothing
}

func (p Problem) String() string {
	if p.Value == "" {
		return fmt.Sprintf("%s: %s", p.Place, p.Fault)
	}
	return fmt.Sprintf("%s: %s: %q", p.Place, p.Fault, p.Value)
}

// Problems are all that keep a letter from being sent.
type Problems []Problem

func (p Problems) Error() string {
	all := make([]string, len(p))
	for i, one := range p {
		all[i] = one.String()
	}
	return "the letter cannot be sent: " + strings.Join(all, "; ")
}

// Check gives all Problems of a letter, or nil.
func (l Letter) Check() error {
	_, err := l.draft()
	return err
}

// judge gathers what is wrong.
type judge struct{ found Problems }

func (j *judge) add(in Place, f Fault, value string) {
	j.found = append(j.found, Problem{in, f, cut(oneLine(value), 100)})
}

// draft is a letter that may be written: its text is clean, and its pictures
// stand apart from what is attached.
type draft struct {
	Letter

	pictures, attached []File
}

func (l Letter) draft() (draft, error) {
	var j judge
	j.header(l)
	j.recipients(l)
	j.files(l.Files)
	d := draft{Letter: l}
	var fits bool
	if d.HTML, fits = clean(l.HTML, withPictures); !fits {
		j.add(InText, TooLong, "")
	}
	shown := picturesIn(d.HTML)
	for _, f := range l.Files {
		if f.ContentID != "" && shown[f.ContentID] {
			d.pictures = append(d.pictures, f)
			delete(shown, f.ContentID)
		} else { // a picture that the text does not show would be seen nowhere
			d.attached = append(d.attached, f)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(shown)) {
		j.add(InText, Unknown, id)
	}
	if len(j.found) > 0 {
		return draft{}, j.found
	}
	return d, nil
}

func (j *judge) header(l Letter) {
	switch {
	case l.MessageID == "":
		j.add(InMessageID, Missing, "")
	case !identifier.MatchString(l.MessageID) || !strings.Contains(l.MessageID, "@"):
		j.add(InMessageID, Malformed, l.MessageID)
	}
	if l.Date.IsZero() {
		j.add(InDate, Missing, "")
	}
	switch l.Receipt {
	case "", Complete, Brief, Synthetic:
	default:
		j.add(InReceipt, Malformed, string(l.Receipt))
	}
	switch {
	case !utf8.ValidString(l.Subject) || strings.ContainsFunc(l.Subject, breaksLine):
		j.add(InSubject, Malformed, l.Subject)
	case len(l.Subject) > maxSubject:
		j.add(InSubject, TooLong, l.Subject)
	}
}

func (j *judge) recipients(l Letter) {
	j.address(InSender, l.From.Address)
	switch n := len(l.To) + len(l.Cc); {
	case len(l.To) == 0: // RFC 6109 §3.1.1 wants one To, whatever stands in Cc
		j.add(InRecipients, Missing, "")
	case n > MaxRecipients:
		j.add(InRecipients, TooMany, fmt.Sprint(n))
		return
	}
	seen := map[string]bool{}
	for _, list := range [][]Address{l.To, l.Cc} {
		for _, a := range list {
			same := strings.ToLower(a.Address)
			if seen[same] {
				j.add(InRecipients, Repeated, a.Address)
				continue
			}
			seen[same] = true
			j.address(InRecipients, a.Address)
		}
	}
}

func (j *judge) address(in Place, address string) {
	local := strings.LastIndexByte(address, '@')
	switch {
	case address == "":
		j.add(in, Missing, "")
	case len(address) > 254 || local > 64: // RFC 5321 §4.5.3.1
		j.add(in, TooLong, address)
	case !addrSpec.MatchString(address):
		j.add(in, Malformed, address)
	}
}

func (j *judge) files(files []File) {
	if len(files) > MaxFiles {
		j.add(InFiles, TooMany, fmt.Sprint(len(files)))
	}
	seen := map[string]bool{}
	for _, f := range files {
		id := f.ContentID
		switch {
		case f.Open == nil || f.Size < 0:
			j.add(InFiles, Missing, f.Name)
		case id == "":
		case !contentID.MatchString(id):
			j.add(InFiles, Malformed, id)
		case seen[id]:
			j.add(InFiles, Repeated, id)
		}
		seen[id] = true
	}
}

var (
	// identifier is a msg-id as leniently as it can be written (RFC 5322 §3.6.4).
	identifier = regexp.MustCompile(`^<[!-;=?-~]{1,900}>$`)
	// contentID is one that needs no escaping in a cid: URL (RFC 2392).
	contentID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+@-]{0,199}$`)
	// addrSpec is an address without quotes and literals: a mailbox of certified mail has neither (RFC 5322 §3.4.1).
	addrSpec = regexp.MustCompile("^" + atom + `(\.` + atom + `)*@(` + label + `\.)+` + label + "$")
)

const (
	atom  = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
	label = `[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?`
)

// breaksLine reports what has no place in a line of text.
func breaksLine(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp)
}

// oneLine makes one line of a text: without control characters and marks that
// turn the direction of writing.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case breaksLine(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

// cut leaves at most so many bytes, and whole characters.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
