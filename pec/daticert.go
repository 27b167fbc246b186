package pec

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

// The grammar of daticert.xml (DM 2/11/2005 annex §7.5, daticert.dtd) by paths.
// Everything stands once, but for destinatari and ricezione.
const (
	xmlRoot      = "/postacert"
	xmlHeading   = xmlRoot + "/intestazione"
	xmlRecipient = xmlHeading + "/destinatari"
	xmlData      = xmlRoot + "/dati"
	xmlTime      = xmlData + "/data"
	xmlReceipt   = xmlData + "/ricevuta"
	xmlTakenFor  = xmlData + "/ricezione"
)

// bounds of daticert.xml besides its size.
const (
	maxXMLDepth      = 8
	maxXMLElements   = 20_000
	maxRecipients    = 10_000
	maxXMLAttributes = 10
)

// parseCertification reads daticert.xml. It is strict where leniency would let
// two programs read two things (doctype, entities, anything twice, a second
// root, namespaces): then there is no certification. It is lenient where real
// messages are careless, and notes it.
func parseCertification(text []byte, n *notes) *Certification {
	c := &certificationReader{notes: n, seen: map[string]bool{}, result: &Certification{Error: "nessuno"}}
	if err := c.read(text); err != nil {
		n.add("certification-refused", "daticert.xml cannot be taken: %.200s", clean(err.Error()))
		return nil
	}
	return c.finish()
}

// certificationReader walks the tokens; path is where it stands.
type certificationReader struct {
	notes    *notes
	result   *Certification
	path     string // of the open element, empty outside the root
	depth    int
	elements int
	text     strings.Builder
	seen     map[string]bool // paths met, and faults noted
	zone     string
	day      string
	clock    string
}

func (c *certificationReader) read(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(charset string, r io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(charset)
		if err != nil {
			return nil, errors.New("it has an unknown charset")
		}
		return transform.NewReader(r, e.NewDecoder()), nil
	}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("it is not well-formed XML: %w", err)
		}
		if err := c.token(token); err != nil {
			return err
		}
	}
	if c.path != "" || !c.seen[xmlRoot] {
		return errors.New("it ends too early")
	}
	return nil
}

func (c *certificationReader) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return errors.New("it has a document type declaration")
	case xml.ProcInst:
		if t.Target != "xml" || c.elements > 0 {
			return errors.New("it has a processing instruction")
		}
	case xml.StartElement:
		return c.start(t)
	case xml.EndElement:
		return c.end(t)
	case xml.CharData:
		return c.chars(t)
	}
	return nil
}

func (c *certificationReader) start(t xml.StartElement) error {
	c.noStray()
	c.elements++
	c.depth++
	c.path += "/" + t.Name.Local
	switch {
	case t.Name.Space != "":
		return errors.New("it has an element of another namespace")
	case c.depth > maxXMLDepth || c.elements > maxXMLElements:
		return errors.New("it is too deep or has too many elements")
	case c.depth == 1 && c.path != xmlRoot:
		return errors.New("its root is not postacert")
	case c.seen[c.path] && c.path != xmlRecipient && c.path != xmlTakenFor:
		return fmt.Errorf("it has the element %.40q twice", t.Name.Local)
	}
	c.seen[c.path] = true
	attributes, err := attributesOf(t)
	if err != nil {
		return err
	}
	return c.open(attributes)
}

func attributesOf(t xml.StartElement) (map[string]string, error) {
	values := make(map[string]string, len(t.Attr))
	for _, a := range t.Attr {
		if _, twice := values[a.Name.Local]; twice || len(values) >= maxXMLAttributes {
			return nil, fmt.Errorf("it has the attribute %.40q twice, or too many", a.Name.Local)
		}
		if a.Name.Space != "" || a.Name.Local == "xmlns" {
			return nil, errors.New("it has a namespace")
		}
		values[a.Name.Local] = clean(strings.TrimSpace(a.Value))
	}
	return values, nil
}

// open takes what an element's attributes say.
func (c *certificationReader) open(attributes map[string]string) error {
	r := c.result
	switch c.path {
	case xmlRoot:
		r.Type = attributes["tipo"]
		if e := attributes["errore"]; e != "" {
			r.Error = e
		}
	case xmlRecipient:
		if len(r.Recipients) >= maxRecipients {
			return errors.New("it has too many recipients")
		}
		r.Recipients = append(r.Recipients, Recipient{Type: "certificato"})
		if t := attributes["tipo"]; t != "" {
			r.Recipients[len(r.Recipients)-1].Type = t
		}
	case xmlTime:
		c.zone = attributes["zona"]
	case xmlReceipt:
		r.ReceiptType = attributes["tipo"]
	}
	return nil
}

func (c *certificationReader) end(t xml.EndElement) error {
	if c.path == "" || !strings.HasSuffix(c.path, "/"+t.Name.Local) {
		return errors.New("it is not well-formed XML: elements overlap")
	}
	text := clean(strings.TrimSpace(c.text.String()))
	switch target := c.target(); {
	case target != nil:
		*target = text
		c.text.Reset()
	case c.path == xmlTakenFor:
		c.result.TakenFor = append(c.result.TakenFor, text)
		c.text.Reset()
	default:
		c.noStray()
	}
	c.path = c.path[:len(c.path)-len(t.Name.Local)-1]
	c.depth--
	return nil
}

// target is where the open element's text goes; nil when it has none.
func (c *certificationReader) target() *string {
	r := c.result
	switch c.path {
	case xmlHeading + "/mittente":
		return &r.Sender
	case xmlHeading + "/risposte":
		return &r.ReplyTo
	case xmlHeading + "/oggetto":
		return &r.Subject
	case xmlRecipient:
		return &r.Recipients[len(r.Recipients)-1].Address
	case xmlData + "/gestore-emittente":
		return &r.Provider
	case xmlData + "/identificativo":
		return &r.Identifier
	case xmlData + "/msgid":
		return &r.MessageID
	case xmlData + "/consegna":
		return &r.DeliveryTo
	case xmlData + "/errore-esteso":
		return &r.ExtendedError
	case xmlTime + "/giorno":
		return &c.day
	case xmlTime + "/ora":
		return &c.clock
	}
	return nil
}

func (c *certificationReader) chars(t xml.CharData) error {
	if c.path != "" {
		c.text.Write(t)
		return nil
	}
	if len(bytes.Trim(t, " \t\r\n\ufeff")) > 0 {
		return errors.New("there is text outside its root")
	}
	return nil
}

// noStray drops the text met so far, and notes it when it is more than blanks:
// it stands between elements, where the grammar has none.
func (c *certificationReader) noStray() {
	if strings.TrimSpace(c.text.String()) != "" {
		c.invalid("it has text where its grammar has none; the text was left out")
	}
	c.text.Reset()
}

// invalid notes a fault that leaves the rest readable, once.
func (c *certificationReader) invalid(fault string) {
	if !c.seen[fault] {
		c.seen[fault] = true
		c.notes.add("certification-invalid", "daticert.xml does not follow its grammar: %s", fault)
	}
}

// finish checks what the grammar asks for and puts the time together.
func (c *certificationReader) finish() *Certification {
	r := c.result
	t, err := time.Parse("2/1/2006 15:4:5 -0700", c.day+" "+c.clock+" "+c.zone)
	if err == nil {
		r.Time = t
	} else {
		c.invalid("its time cannot be read")
	}
	if kindOfType(r.Type) == OrdinaryMail {
		c.invalid("its tipo is none of the known ones")
	}
	if r.Sender == "" || len(r.Recipients) == 0 || r.Identifier == "" || r.Provider == "" {
		c.invalid("mittente, destinatari, identificativo or gestore-emittente is missing")
	}
	return r
}
