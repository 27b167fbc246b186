package pec_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/smista/smista/pec"
)

// A mail that looks like a PEC, and is none.
func ExampleRead() {
	mail := strings.NewReader("From: posta-certificata@pec.example\r\n" +
		"Subject: POSTA CERTIFICATA: avviso\r\nX-Trasporto: posta-certificata\r\n\r\nPagate subito.\r\n")
	m, err := pec.Read(context.Background(), mail, mail.Size(), pec.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Kind, m.Signature.Status)
	for _, r := range m.Signature.Reasons {
		fmt.Println(r)
	}
	// Output:
	// posta-certificata imitation
	// no-signature: the message carries no signature
	// dressed-header: X-Ricevuta or X-Trasporto claims that this is certified mail
	// dressed-subject: the subject begins like that of certified mail
	// dressed-sender: From looks like that of a PEC provider
}
