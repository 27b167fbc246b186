package smime

import "errors"

// Limits on what is read at all. A real smime.p7s holds two certificates and
// takes 4 to 8 KiB in about 200 elements, 12 deep.
const (
	maxSignature = 256 << 10 // bytes of a smime.p7s
	maxDepth     = 64        // nested elements
	maxElements  = 20_000
)

var (
	errTooLarge  = errors.New("the signature is larger than 256 KiB")
	errTooDeep   = errors.New("the signature nests more than 64 levels or holds too many elements")
	errTruncated = errors.New("the signature ends before its last element does")
	errTrailing  = errors.New("there are bytes after the end of the signature")
	errEncoding  = errors.New("the signature is not well-formed BER")
)

// element is one tag-length-value of a BER encoding.
type element struct {
	tag    []byte // identifier octets
	value  []byte // content octets of a primitive element, nil for a constructed one
	parent int    // index of the element around this one, -1 for none
	size   int    // length of the content octets in DER
}

// normalise checks that ber is exactly one well-formed BER element (X.690 §8)
// within the limits above and gives it with definite, shortest lengths, which
// is DER as far as lengths go. It runs in linear time and does not recurse, so
// that it can stand before every other reader of hostile bytes.
func normalise(ber []byte) ([]byte, error) {
	if len(ber) > maxSignature {
		return nil, errTooLarge
	}
	elements, err := scan(ber)
	if err != nil {
		return nil, err
	}
	return encode(elements), nil
}

// open is a constructed element whose end has not been reached.
type open struct {
	index int
	end   int // offset after its last byte, -1 when two zero bytes end it
	last  int // offset that nothing inside may pass
}

// scan lists the elements of ber in the order of their first bytes.
func scan(ber []byte) ([]element, error) {
	elements := make([]element, 0, 256)
	stack := append(make([]open, 0, maxDepth+1), open{index: -1, end: len(ber), last: len(ber)})
	for at := 0; ; {
		stack, at = closeEnded(stack, ber, at)
		if len(stack) <= 1 && len(elements) > 0 {
			if at != len(ber) {
				return nil, errTrailing
			}
			return elements, nil
		}
		if len(stack) > maxDepth || len(elements) == maxElements {
			return nil, errTooDeep
		}
		around := stack[len(stack)-1]
		h, err := readHeader(ber, at, around.last)
		if err != nil {
			return nil, err
		}
		e := element{tag: ber[at:h.tagEnd], parent: around.index}
		if at = h.start; h.constructed {
			inside := open{index: len(elements), end: h.end, last: h.end}
			if h.end < 0 {
				inside.last = around.last
			}
			stack = append(stack, inside)
		} else {
			e.value, at = ber[h.start:h.end], h.end
		}
		elements = append(elements, e)
	}
}

// closeEnded takes the elements that end at this offset off the stack; the
// first, which stands for the whole input, stays.
func closeEnded(stack []open, ber []byte, at int) ([]open, int) {
	for len(stack) > 1 {
		switch top := stack[len(stack)-1]; {
		case top.end == at:
		case top.end < 0 && at+2 <= top.last && ber[at] == 0 && ber[at+1] == 0:
			at += 2
		default:
			return stack, at
		}
		stack = stack[:len(stack)-1]
	}
	return stack, at
}

// header is the tag and length of one element.
type header struct {
	tagEnd, start, end int // end is -1 for the indefinite form
	constructed        bool
}

// readHeader reads the identifier and length octets at at; the element must end by last.
func readHeader(ber []byte, at, last int) (header, error) {
	if last-at < 2 {
		return header{}, errTruncated
	}
	// Tags above 30, end-of-contents out of place: CMS and X.509 use neither.
	if ber[at]&0x1f == 0x1f || ber[at] == 0 {
		return header{}, errEncoding
	}
	h := header{tagEnd: at + 1, start: at + 2, constructed: ber[at]&0x20 != 0}
	length := int(ber[at+1])
	switch {
	case length == 0x80 && h.constructed:
		h.end = -1
		return h, nil
	case length == 0x80 || length > 0x84:
		return header{}, errEncoding
	case length > 0x80:
		octets := length & 0x7f
		if last-h.start < octets {
			return header{}, errTruncated
		}
		length = 0
		for _, b := range ber[h.start : h.start+octets] {
			length = length<<8 | int(b)
		}
		h.start += octets
	}
	if length > last-h.start {
		return header{}, errTruncated
	}
	h.end = h.start + length
	return h, nil
}

// encode writes elements with definite, shortest lengths.
func encode(elements []element) []byte {
	total := 0
	for i := len(elements) - 1; i >= 0; i-- {
		e := &elements[i]
		e.size += len(e.value)
		whole := len(e.tag) + lengthSize(e.size) + e.size
		if e.parent < 0 {
			total += whole
		} else {
			elements[e.parent].size += whole
		}
	}
	out := make([]byte, 0, total)
	for _, e := range elements {
		out = append(out, e.tag...)
		out = appendLength(out, e.size)
		out = append(out, e.value...)
	}
	return out
}
