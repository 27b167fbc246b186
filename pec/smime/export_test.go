package smime

// TLV and Indefinite write the elements that forgeries are made of; Normalise
// is what stands before every other reader.
var (
	TLV        = tlv
	Indefinite = indefinite
	Normalise  = normalise
)

// MaxCached is how many signers are remembered.
const MaxCached = maxCached

// Remembered is how many signers a remembers now.
func Remembered(a *Anchors) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.known)
}
