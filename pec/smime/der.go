package smime

// Tags of the DER elements that CMS is made of (X.690 §8.1.2).
const (
	tagInteger     = 0x02
	tagOctetString = 0x04
	tagOID         = 0x06
	tagSequence    = 0x30
	tagSet         = 0x31
	tagContext0    = 0xa0 // [0] constructed
	tagContext1    = 0xa1 // [1] constructed
	tagKeyID       = 0x80 // [0] primitive: SignerIdentifier.subjectKeyIdentifier
)

// Object identifiers, as the content octets of their DER encoding.
const (
	oidData          = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
	oidSignedData    = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
	oidContentType   = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03"
	oidMessageDigest = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04"
	oidSigningTime   = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05"

	oidSHA1   = "\x2b\x0e\x03\x02\x1a"
	oidSHA256 = "\x60\x86\x48\x01\x65\x03\x04\x02\x01"
	oidSHA384 = "\x60\x86\x48\x01\x65\x03\x04\x02\x02"
	oidSHA512 = "\x60\x86\x48\x01\x65\x03\x04\x02\x03"

	oidRSA             = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" // rsaEncryption: the digest is named apart
	oidSHA1WithRSA     = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05"
	oidSHA256WithRSA   = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"
	oidSHA384WithRSA   = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c"
	oidSHA512WithRSA   = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d"
	oidECDSAWithSHA1   = "\x2a\x86\x48\xce\x3d\x04\x01"
	oidECDSAWithSHA256 = "\x2a\x86\x48\xce\x3d\x04\x03\x02"
	oidECDSAWithSHA384 = "\x2a\x86\x48\xce\x3d\x04\x03\x03"
	oidECDSAWithSHA512 = "\x2a\x86\x48\xce\x3d\x04\x03\x04"
)

// reader takes DER elements from the front of normalised bytes. The first
// element that is not as expected fails it for good: later calls give nothing,
// and the caller asks once, at the end.
type reader struct {
	rest   []byte
	failed bool
}

// peek tells the tag of the next element, 0 at the end.
func (r *reader) peek() byte {
	if r.failed || len(r.rest) == 0 {
		return 0
	}
	return r.rest[0]
}

// next takes the next element whatever its tag: its content and all its bytes.
func (r *reader) next() (content, whole []byte) {
	h, err := readHeader(r.rest, 0, len(r.rest))
	if r.failed || err != nil || h.end < 0 {
		r.failed = true
		return nil, nil
	}
	content, whole = r.rest[h.start:h.end], r.rest[:h.end]
	r.rest = r.rest[h.end:]
	return content, whole
}

// take gives the content of the next element, which must have this tag.
func (r *reader) take(tag byte) []byte {
	if r.peek() != tag {
		r.failed = true
		return nil
	}
	content, _ := r.next()
	return content
}

// enter is take for a constructed element: a reader of what is inside.
func (r *reader) enter(tag byte) *reader {
	content := r.take(tag)
	return &reader{rest: content, failed: r.failed}
}

// optional is take for an element that may be missing.
func (r *reader) optional(tag byte) (content []byte, present bool) {
	if r.peek() != tag {
		return nil, false
	}
	return r.take(tag), true
}

// done tells whether everything was as expected and nothing is left.
func (r *reader) done() bool { return !r.failed && len(r.rest) == 0 }

// algorithm takes an AlgorithmIdentifier and gives its object identifier.
// Parameters are left aside: none of the algorithms we support has any.
func (r *reader) algorithm() string {
	a := r.enter(tagSequence)
	oid := a.take(tagOID)
	r.failed = r.failed || a.failed
	return string(oid)
}

// tlv writes a DER element around its parts.
func tlv(tag byte, parts ...[]byte) []byte {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	out := appendLength(append(make([]byte, 0, size+6), tag), size)
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// indefinite writes a BER element of indefinite length (X.690 §8.1.3.6).
func indefinite(tag byte, parts ...[]byte) []byte {
	out := []byte{tag, 0x80}
	for _, p := range parts {
		out = append(out, p...)
	}
	return append(out, 0, 0)
}

func appendLength(out []byte, n int) []byte {
	if n < 0x80 {
		return append(out, byte(n))
	}
	octets := lengthSize(n) - 1
	out = append(out, 0x80|byte(octets))
	for i := octets - 1; i >= 0; i-- {
		out = append(out, byte(n>>(8*i)))
	}
	return out
}

// lengthSize is how many bytes appendLength writes.
func lengthSize(n int) int {
	if n < 0x80 {
		return 1
	}
	size := 1
	for ; n > 0; n >>= 8 {
		size++
	}
	return size
}
