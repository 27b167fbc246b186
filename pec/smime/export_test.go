package smime

// TLV and Indefinite write the elements that forgeries are made of.
var (
	TLV        = tlv
	Indefinite = indefinite
)
