package smime

// TLV and Indefinite write the elements that forgeries are made of; Normalise
// is what stands before every other reader.
var (
	TLV        = tlv
	Indefinite = indefinite
	Normalise  = normalise
)
