package pec

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const deliveryXML = `<?xml version="1.0" encoding="UTF-8"?>
<!-- dati di certificazione -->
<postacert tipo="errore-consegna" errore="no-dest">
	<intestazione>
		<mittente>a@pec.example</mittente>
		<destinatari>b@pec.example</destinatari>
		<destinatari tipo="esterno">c@posta.example</destinatari>
		<risposte> r@pec.example </risposte>
		<oggetto>Città &amp; &lt;paesi&gt; &#232;</oggetto>
	</intestazione>
	<dati>
		<gestore-emittente>Gestore S.p.A.</gestore-emittente>
		<data zona="-0130"><giorno>03/11/2026</giorno><ora>10:20:30</ora></data>
		<identificativo>id.1@gestore.example</identificativo>
		<msgid>&lt;m@client&gt;</msgid>
		<ricevuta tipo="breve"/>
		<consegna>b@pec.example</consegna>
		<ricezione>x@pec.example</ricezione>
		<ricezione>y@pec.example</ricezione>
		<errore-esteso>5.1.1 - Gestore - indirizzo non valido</errore-esteso>
	</dati>
</postacert>
`

func parseXML(text string) (*Certification, []Problem) {
	n := &notes{}
	return parseCertification([]byte(text), n), n.list
}

func TestCertification(t *testing.T) {
	t.Parallel()
	c, problems := parseXML(deliveryXML)
	require.Empty(t, problems)
	require.Equal(t, &Certification{
		Type: "errore-consegna", Error: "no-dest", Sender: "a@pec.example",
		Recipients: []Recipient{{"b@pec.example", "certificato"}, {"c@posta.example", "esterno"}},
		ReplyTo:    "r@pec.example", Subject: "Città & <paesi> è", Provider: "Gestore S.p.A.",
		Time:       c.Time,
		Identifier: "id.1@gestore.example", MessageID: "<m@client>", ReceiptType: "breve",
		DeliveryTo: "b@pec.example", TakenFor: []string{"x@pec.example", "y@pec.example"},
		ExtendedError: "5.1.1 - Gestore - indirizzo non valido",
	}, c)
	require.Equal(t, "2026-11-03T10:20:30-01:30", c.Time.Format(time.RFC3339))
}

func replace(old, with string) string { return strings.Replace(deliveryXML, old, with, 1) }

// What two programs could read as two things is not read at all.
func TestCertificationRefused(t *testing.T) {
	t.Parallel()
	for name, xml := range map[string]string{
		"empty":                  "",
		"not XML":                "tipo=accettazione",
		"doctype":                replace("<postacert", "<!DOCTYPE postacert><postacert"),
		"entity":                 replace("Gestore S", "&gestore; S"),
		"billion laughs":         replace("<postacert", `<!DOCTYPE p [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><postacert`),
		"processing instruction": replace("<intestazione", "<?php x?><intestazione"),
		"attribute twice":        replace(`tipo="errore-consegna"`, `tipo="accettazione" tipo="avvenuta-consegna"`),
		"element twice":          replace("<mittente>", "<mittente>x@y</mittente><mittente>"),
		"heading twice":          replace("<dati>", "<intestazione><mittente>x@y</mittente></intestazione><dati>"),
		"second root":            deliveryXML + "<postacert/>",
		"text after the root":    deliveryXML + "x",
		"text before the root":   "x" + deliveryXML,
		"other root":             "<altro/>",
		"default namespace":      replace("<postacert", `<postacert xmlns="urn:x"`),
		"foreign element":        replace("<oggetto>", `<e:oggetto xmlns:e="urn:e">x</e:oggetto><oggetto>`),
		"foreign attribute":      replace(`tipo="breve"`, `e:tipo="breve"`),
		"cut":                    deliveryXML[:len(deliveryXML)-20],
		"overlapping":            replace("</giorno>", "</ora>"),
		"unknown charset":        replace("UTF-8", "X-NONE"),
		"deep":                   "<postacert>" + strings.Repeat("<a>", 20_000) + strings.Repeat("</a>", 20_000) + "</postacert>",
		"a million recipients":   replace("<risposte>", strings.Repeat("<destinatari>a</destinatari>", 1_000_000)+"<risposte>"),
		"not UTF-8":              replace("Citt", "Citt\xe0"),
	} {
		c, problems := parseXML(xml)
		require.Nil(t, c, name)
		require.Len(t, problems, 1, name)
		require.Equal(t, "certification-refused", problems[0].Code, name)
		require.Less(t, len(problems[0].Detail), 300, name)
	}
}

// What real providers get wrong is noted, and the rest is read.
func TestCertificationLenient(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		xml, problem string
	}{
		"white space after the end": {deliveryXML + "\n\r\n", ""},
		"byte order mark":           {"\ufeff" + deliveryXML, ""},
		"no XML declaration":        {replace(`<?xml version="1.0" encoding="UTF-8"?>`, ""), ""},
		"no msgid":                  {replace("<msgid>&lt;m@client&gt;</msgid>", ""), ""},
		"no errore":                 {replace(` errore="no-dest"`, ""), ""},
		"comment inside an address": {replace("a@pec", "a<!-- -->@pec"), ""},
		"CDATA":                     {replace("Gestore S.p.A.", "<![CDATA[Gestore S.p.A.]]>"), ""},
		"Latin-1":                   {replace("UTF-8", "ISO-8859-1"), ""},
		"stray text":                {replace("</risposte>", "</risposte>a"), "certification-invalid"},
		"unknown tipo":              {replace("errore-consegna", "nuovo"), "certification-invalid"},
		"bad time":                  {replace("10:20:30", "25:00:00"), "certification-invalid"},
		"no identifier":             {replace("<identificativo>id.1@gestore.example</identificativo>", ""), "certification-invalid"},
		"an element of tomorrow":    {replace("<msgid>", "<nuovo>x</nuovo><msgid>"), "certification-invalid"},
	} {
		c, problems := parseXML(test.xml)
		require.NotNil(t, c, "%s: %v", name, problems)
		require.Equal(t, "a@pec.example", c.Sender, name)
		require.Equal(t, "Gestore S.p.A.", c.Provider, name)
		if test.problem == "" {
			require.Empty(t, problems, name)
		} else {
			require.Equal(t, test.problem, problems[0].Code, name)
		}
	}
}
