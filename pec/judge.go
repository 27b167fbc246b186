package pec

import (
	"crypto"
	"slices"
	"strings"

	"github.com/smista/smista/pec/smime"
)

// judge says whether the signature holds and vouches for what is shown. The
// verifier answers for the cryptography and the signer; here the rest of the
// policy is added: there is one From, and what the header says agrees with the
// certified data, since the header stands outside the signature.
func (r *reading) judge() error {
	m := r.m
	dress := r.dress()
	if m.Kind == OrdinaryMail && len(dress) == 0 {
		m.Signature.Status = smime.Unsigned
		if r.signed != nil {
			r.reason("personal-signature", "an ordinary mail with a signature of its own, which is not judged")
		}
		return nil
	}
	switch p7s, problem := r.signature(); {
	case problem.Code != "":
		m.Signature = smime.Verdict{Status: smime.Unverifiable, Reasons: []smime.Reason{problem}}
	case p7s == nil:
		m.Signature.Status = smime.Imitation
		r.reason("no-signature", "the message carries no signature")
		m.Signature.Reasons = append(m.Signature.Reasons, dress...)
		return nil
	default:
		if err := r.verify(p7s); err != nil {
			return err
		}
	}
	r.agree()
	return nil
}

func (r *reading) reason(code, detail string) {
	r.m.Signature.Reasons = append(r.m.Signature.Reasons, smime.Reason{Code: code, Detail: detail})
}

// signature gives the decoded smime.p7s, nil when there is none, or why there
// is one that cannot be read.
func (r *reading) signature() (p7s []byte, problem smime.Reason) {
	if media := r.root.media; media == "application/pkcs7-mime" || media == "application/x-pkcs7-mime" {
		return nil, smime.Reason{Code: "opaque-signature", Detail: "the content stands inside the signature (smime.p7m), a form that is not supported"}
	}
	if r.root.ambiguous {
		return nil, smime.Reason{Code: "structure-ambiguous", Detail: "there is more than one reading of the message's parts, the signature among them"}
	}
	if r.signed == nil || len(r.signed.whole.kids) < 2 {
		return nil, problem
	}
	p := r.signed.whole.kids[1]
	name := strings.EqualFold(p.name, "smime.p7s")
	switch {
	case p.size == 0:
		return nil, problem
	case p.ambiguous:
		return nil, smime.Reason{Code: "structure-ambiguous", Detail: "there is more than one reading of the part that holds the signature"}
	case !name && p.media != "application/pkcs7-signature" && p.media != "application/x-pkcs7-signature":
		return nil, smime.Reason{Code: "signature-unsupported", Detail: "the second part of the signed message is not an S/MIME signature"}
	case p.cut:
		return nil, smime.Reason{Code: "signature-too-large", Detail: "the signature is larger than any real one; it was not read"}
	}
	return p.kept, problem
}

// verify asks the verifier, and once more for each digest that was not taken
// in passing.
func (r *reading) verify(p7s []byte) error {
	s := r.signed
	signed := smime.Signed{
		P7S:      p7s,
		Digests:  map[crypto.Hash][]byte{s.hash: s.digest.Sum(nil)},
		From:     r.oneFrom(),
		Received: r.options.Received,
	}
	if c := r.m.Certification; c != nil {
		signed.Claimed = c.Time
	}
	for {
		r.m.Signature = r.options.Verifier.Verify(r.ctx, signed)
		missing := r.m.Signature.Missing
		if missing == 0 || signed.Digests[missing] != nil || !missing.Available() {
			return r.ctx.Err()
		}
		digest, err := digestRange(r.src, s.start, s.end, missing)
		if err != nil {
			return err
		}
		signed.Digests[missing] = digest
	}
}

// oneFrom gives the address of From in lower case; empty unless there is
// exactly one, so that no signer can be it.
func (r *reading) oneFrom() string {
	list := r.from()
	if len(list) != 1 || len(r.root.head.all("from")) != 1 {
		return ""
	}
	return strings.ToLower(list[0].Address)
}

// agree compares the header, which nobody signed, with the certified data.
func (r *reading) agree() {
	v := &r.m.Signature
	if r.oneFrom() == "" {
		r.reason("from-ambiguous", "the message does not have exactly one From address, so its signer cannot be compared with it")
		v.Status = worse(v.Status, smime.Untrusted)
	}
	switch {
	case r.m.Certification != nil:
		for _, d := range r.disagreements(r.m.Certification) {
			v.Reasons = append(v.Reasons, d)
			v.Status = worse(v.Status, smime.Altered)
		}
		r.remarks(r.m.Certification)
	case r.signed != nil && certification(content(r.signed.whole)) != nil:
		r.reason("certification-unreadable", "the certified data (daticert.xml) cannot be read, so nothing confirms what the header says")
		v.Status = worse(v.Status, smime.Unverifiable)
	case r.m.Kind != Anomaly && r.signed != nil:
		r.reason("certification-missing", "nothing that is signed says what kind of message this is")
		v.Status = worse(v.Status, smime.Altered)
	}
}

// disagreements between header and certified data that no honest relay makes.
func (r *reading) disagreements(c *Certification) (list []smime.Reason) {
	h := r.root.head
	found := func(code, detail string) { list = append(list, smime.Reason{Code: code, Detail: detail}) }
	if kindOfType(c.Type) != r.m.Kind {
		found("kind-mismatch", "the header says another kind of message than the certified data")
	}
	if c.MessageID != "" && !allEqual(h.all("x-riferimento-message-id"), c.MessageID) {
		found("reference-mismatch", "X-Riferimento-Message-ID is not the certified msgid")
	}
	if r.m.Kind == Envelope && !allEqual(h.all("message-id"), c.Identifier) {
		found("identifier-mismatch", "Message-ID is not the certified identificativo")
	}
	if sender := onBehalfOf(r.m.From.Name); sender != "" && !strings.Contains(strings.ToLower(c.Sender), strings.ToLower(sender)) {
		found("sender-mismatch", "From names another sender than the certified mittente")
	}
	if !sameSubject(r.m.Subject, c.Subject) {
		found("subject-mismatch", "Subject does not hold the certified oggetto")
	}
	return list
}

// remarks are what is worth knowing but happens to honest messages.
func (r *reading) remarks(c *Certification) {
	h := r.root.head
	if c.MessageID == "" && h.get("x-riferimento-message-id") != "" {
		r.reason("reference-uncertified", "X-Riferimento-Message-ID stands outside the signature, and the certified data has no msgid")
	}
	reply := parseAddresses(h.get("reply-to"))
	if len(reply) > 0 && c.ReplyTo != "" && !strings.Contains(strings.ToLower(c.ReplyTo), strings.ToLower(reply[0].Address)) {
		r.reason("reply-to-mismatch", "Reply-To, outside the signature, is not the certified risposte")
	}
	if r.signed.whole != r.root {
		r.reason("wrapped", "a list or a gateway wrapped the message; only what is signed is shown")
	}
}

// worse gives the graver of two outcomes; what cannot be read stays so.
func worse(a, b smime.Status) smime.Status {
	for _, s := range []smime.Status{smime.Unverifiable, smime.Altered, smime.Untrusted, smime.Expired} {
		if a == s || b == s {
			return s
		}
	}
	return a
}

// allEqual compares every occurrence of an id field, with or without angle
// brackets; none at all agrees, since gateways drop fields.
func allEqual(values []string, want string) bool {
	return !slices.ContainsFunc(values, func(v string) bool {
		return strings.Trim(messageID(v), "<>") != strings.Trim(messageID(want), "<>")
	})
}

// onBehalfOf gives the address in `Per conto di: address`, the name a provider
// writes in an envelope's From (DM 2/11/2005 annex §6.3.4).
func onBehalfOf(name string) string {
	const prefix = "per conto di:"
	if len(name) < len(prefix) || !strings.EqualFold(name[:len(prefix)], prefix) {
		return ""
	}
	rest := strings.TrimSpace(name[len(prefix):])
	if !strings.Contains(rest, "@") || strings.ContainsAny(rest, " \t") {
		return ""
	}
	return rest
}

// sameSubject reports whether the header's subject holds the certified one.
// Lists and filters put words before it, and programs write accents differently:
// only ASCII letters and digits count. A subject cut short agrees when what is
// left is long enough to tell.
func sameSubject(header, certified string) bool {
	return header == "" || holdsSubject(letters(header), letters(decodeWords(certified))) ||
		holdsSubject(letters(header), letters(certified)) // some write oggetto decoded, whatever it looks like
}

func holdsSubject(header, certified string) bool {
	const telling = 20
	if strings.Contains(header, certified) {
		return true
	}
	for _, prefix := range subjectPrefixes {
		if rest, ok := strings.CutPrefix(header, letters(prefix)); ok && len(rest) >= telling && strings.HasPrefix(certified, rest) {
			return true
		}
	}
	return false
}

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z') {
			return r
		}
		return -1
	}, strings.ToLower(text))
}
