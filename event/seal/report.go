package seal

import (
	"fmt"
	"slices"
)

// What can be found.
const (
	Changed    Finding = "changed"     // an event is not what was sealed
	Swapped    Finding = "swapped"     // two events that follow each other changed places
	Removed    Finding = "removed"     // events are missing; those after them may have moved up
	Inserted   Finding = "inserted"    // events that were never sealed stand among the sealed
	Cut        Finding = "cut"         // the log ends before the newest head
	Unprovable Finding = "unprovable"  // neither the log nor the hashes give the root that was signed
	Damaged    Finding = "damaged"     // stored hashes are wrong; the events themselves are proved
	BadHead    Finding = "bad-head"    // a head is not signed by the key, or was not written to its end
	Shrunk     Finding = "shrunk-head" // a head is of fewer events than the one before
	Forked     Finding = "forked-head" // a signed head is of another history than those after it
)

// maxFindings bounds a report; what is beyond is counted.
const maxFindings = 1000

// Finding is a kind of what can be found.
type Finding string

// Found is one thing that is not as it was sealed.
type Found struct {
	Finding     Finding
	First, Last int // numbers of events, of those inserted as the log has them now; of heads for the three about heads
}

// English says it in a sentence.
func (f Found) English() string { return f.say(english()) }

// Italian says it in a sentence.
func (f Found) Italian() string { return f.say(italian()) }

// String is the English sentence.
func (f Found) String() string { return f.English() }

func (f Found) say(sentences map[Finding][2]string) string {
	s := sentences[f.Finding]
	if f.First == f.Last {
		return fmt.Sprintf(s[0], f.First)
	}
	return fmt.Sprintf(s[1], f.First, f.Last)
}

// english has a sentence for one event, and one for several.
func english() map[Finding][2]string {
	return map[Finding][2]string{
		Changed:    {"Event %d was changed after it was sealed.", "Events %d to %d were changed after they were sealed."},
		Swapped:    {"Event %d was moved.", "Events %d and %d were swapped."},
		Removed:    {"Event %d was removed.", "Events %d to %d were removed."},
		Inserted:   {"Event %d was inserted afterwards.", "Events %d to %d were inserted afterwards."},
		Cut:        {"Event %d, the last one sealed, was cut off the end of the register.", "Events %d to %d were cut off the end of the register."},
		Unprovable: {"Event %d can no longer be proved: its hashes do not give the signed root.", "Events %d to %d can no longer be proved: their hashes do not give the signed root."},
		Damaged:    {"The stored hashes of event %d are damaged; the event itself is proved.", "The stored hashes of events %d to %d are damaged; the events themselves are proved."},
		BadHead:    {"Signed head %d is not of this key, or was altered.", "Signed heads %d to %d are not of this key, or were altered."},
		Shrunk:     {"Signed head %d is of fewer events than the one before it: an old head was put in again, or the register was rolled back.", "Signed heads %d to %d are of fewer events than the one before."},
		Forked:     {"Signed head %d tells another history than the others.", "Signed heads %d to %d tell another history than the others."},
	}
}

func italian() map[Finding][2]string {
	return map[Finding][2]string{
		Changed: {
			"Il movimento %d è stato alterato dopo il sigillo.",
			"I movimenti da %d a %d sono stati alterati dopo il sigillo.",
		},
		Swapped:  {"Il movimento %d è stato spostato.", "I movimenti %d e %d sono stati scambiati."},
		Removed:  {"Il movimento %d è stato rimosso.", "I movimenti da %d a %d sono stati rimossi."},
		Inserted: {"Il movimento %d è stato inserito dopo il sigillo.", "I movimenti da %d a %d sono stati inseriti dopo il sigillo."},
		Cut: {
			"Il movimento %d, l'ultimo sigillato, è stato tolto dalla fine del registro.",
			"I movimenti da %d a %d sono stati tolti dalla fine del registro.",
		},
		Unprovable: {"Il movimento %d non è più dimostrabile: le impronte non danno la radice firmata.", "I movimenti da %d a %d non sono più dimostrabili: le impronte non danno la radice firmata."},
		Damaged:    {"Le impronte conservate del movimento %d sono danneggiate; il movimento è dimostrato.", "Le impronte conservate dei movimenti da %d a %d sono danneggiate; i movimenti sono dimostrati."},
		BadHead: {
			"Il sigillo n. %d non è di questa chiave o è stato alterato.",
			"I sigilli dal n. %d al n. %d non sono di questa chiave o sono stati alterati.",
		},
		Shrunk: {"Il sigillo n. %d comprende meno movimenti del precedente: è stato rimesso un sigillo vecchio, o il registro è stato riportato indietro.", "I sigilli dal n. %d al n. %d comprendono meno movimenti del precedente."},
		Forked: {"Il sigillo n. %d racconta una storia diversa dagli altri.", "I sigilli dal n. %d al n. %d raccontano una storia diversa dagli altri."},
	}
}

// Report is what a verification found.
type Report struct {
	Head     Head    // the newest one that is signed
	Heads    int     // read, the bad ones too
	Events   int     // in the log
	Unsealed int     // of these, after the newest head
	Found    []Found // nothing when all is as it was sealed
	More     int     // found beyond the first thousand
}

// OK tells whether all that was sealed is what it was.
func (r Report) OK() bool { return len(r.Found) == 0 && r.More == 0 }

// add notes what was found; what continues the last one of its kind is put to it.
func (v *verification) add(f Found) {
	if n := len(v.Found); n > 0 && f.Finding != Swapped {
		last := &v.Found[n-1]
		if last.Finding == f.Finding && last.Last+1 == f.First {
			last.Last = f.Last
			return
		}
	}
	if len(v.Found) == maxFindings {
		v.More++
		return
	}
	v.Found = append(v.Found, f)
}

func (v *verification) addAll(all []Found) {
	for _, f := range all {
		v.add(f)
	}
}

// Names tells whether the report says this of an event (or head).
func (r Report) Names(what Finding, number int) bool {
	return slices.ContainsFunc(r.Found, func(f Found) bool {
		return f.Finding == what && f.First <= number && number <= f.Last
	})
}
