package pec_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/pec"
)

const (
	plainPart  = "Content-Type: text/plain; charset=utf-8\r\n\r\nCiao.\r\n"
	htmlPart   = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Ciao <img src=cid:logo@x></p>\r\n"
	otherPart  = "Content-Type: text/html\r\nContent-ID: <altro@x>\r\n\r\n<p>altro</p>\r\n"
	picture    = "Content-Type: image/png; name=logo.png\r\nContent-ID: <logo@x>\r\n\r\nPNG\r\n"
	attachment = "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=atto.pdf\r\n\r\n%PDF\r\n"
	lastWords  = "Content-Type: text/html\r\n\r\n<p>Saluti</p>\r\n"
)

// multipart joins parts under a boundary of its kind.
func multipart(kind, parameters string, parts ...string) string {
	all := "Content-Type: multipart/" + kind + "; boundary=" + kind + parameters + "\r\n\r\n"
	for _, p := range parts {
		all += "--" + kind + "\r\n" + p
	}
	return all + "--" + kind + "--\r\n"
}

// The HTML of an alternative may stand beside its pictures or its attachments;
// it is the text, and no attachment.
func TestHTMLBesideItsPictures(t *testing.T) {
	t.Parallel()
	const start = "Content-ID: <testo@x>\r\n"
	for name, test := range map[string]struct {
		raw         string
		attachments []string // names, or types where there is no name
	}{
		"related":                    {multipart("alternative", "", plainPart, multipart("related", "", htmlPart, picture)), []string{"logo.png"}},
		"related first":              {multipart("alternative", "", multipart("related", "", htmlPart, picture), plainPart), []string{"logo.png"}},
		"start names another":        {multipart("alternative", "", plainPart, multipart("related", `; start="<testo@x>"`, picture, otherPart, start+htmlPart)), []string{"logo.png", "text/html"}},
		"start names nothing":        {multipart("alternative", "", plainPart, multipart("related", "; start=nessuno@x", htmlPart, otherPart, picture)), []string{"text/html", "logo.png"}},
		"related, never alternative": {multipart("related", "; start=testo@x", otherPart, picture, start+htmlPart), []string{"text/html", "logo.png"}},
		"mixed":                      {multipart("alternative", "", plainPart, multipart("mixed", "", htmlPart, attachment, lastWords)), []string{"atto.pdf", "text/html"}},
		"related in mixed": {multipart("alternative", "", plainPart, multipart("mixed", "", multipart("related", "", htmlPart, picture), attachment)),
			[]string{"logo.png", "atto.pdf"}},
		"alternative in related": {multipart("related", "", multipart("alternative", "", plainPart, htmlPart), picture), []string{"logo.png"}},
		"all around":             {multipart("mixed", "", multipart("alternative", "", plainPart, multipart("related", "", htmlPart, picture)), attachment), []string{"logo.png", "atto.pdf"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := read(t, []byte(test.raw), trusted())
			require.Empty(t, m.Problems)
			require.Contains(t, m.Mail.Text, "Ciao")
			require.NotNil(t, m.Mail.HTML)
			page, err := io.ReadAll(m.Mail.HTML.Open(bytes.NewReader([]byte(test.raw))))
			require.NoError(t, err)
			require.Equal(t, "<p>Ciao <img src=cid:logo@x></p>", string(page))
			require.Equal(t, "utf-8", m.Mail.HTMLCharset)
			require.Equal(t, test.attachments, namesOf(m.Mail.Attachments))
			for _, a := range m.Mail.Attachments {
				require.Equal(t, a.Name == "logo.png", a.Inline, a.Name)
				require.Equal(t, a.Name == "logo.png", a.ContentID == "logo@x", a.Name)
			}
		})
	}
}

// What stands beside the root of a related is never the text of an alternative:
// it is offered as an attachment.
func TestOnlyTheRootIsTheText(t *testing.T) {
	t.Parallel()
	m := read(t, []byte(multipart("alternative", "", plainPart, multipart("related", "", picture, otherPart))), trusted())
	require.Equal(t, "Ciao.", m.Mail.Text)
	require.Nil(t, m.Mail.HTML)
	require.Equal(t, []string{"logo.png", "text/html"}, namesOf(m.Mail.Attachments))
}

func namesOf(list []pec.Attachment) (names []string) {
	for _, a := range list {
		if a.Name == "" {
			names = append(names, a.MediaType)
			continue
		}
		names = append(names, a.Name)
	}
	return names
}
