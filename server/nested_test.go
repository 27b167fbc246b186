package server

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/graph"
)

// wrapped is a mail to which another one is attached, and a text.
func wrapped(level int, inner string) string {
	return fmt.Sprintf(`From: Ditta Rossi <rossi@pec.example>
To: protocollo@comune.example
Date: Fri, 20 Nov 2026 10:0%d:00 +0100
Subject: Livello %d
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b%d

--b%d
Content-Type: text/html

<p onclick=x()>Testo %d</p><img src="https://x.example/%d.png">
--b%d
Content-Type: text/plain
Content-Disposition: attachment; filename=nota.txt
Content-Transfer-Encoding: base64

%s
--b%d
Content-Type: message/rfc822
Content-Disposition: attachment; filename="dentro.eml"

%s
--b%d--
`, level, level, level, level, level, level, level, base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf("nota %d", level))), level, inner, level)
}

func TestAttachedMessagesAreReadInPlace(t *testing.T) {
	t.Parallel()
	_, dial := stranger(t)
	w := newWorld(t, func(d *Deps) { d.RemotePictures, d.DialPictures = true, dial })
	office := w.office("tributi")
	raw := "From: fine@pec.example\nSubject: Fine\n\nfine\n"
	for level := 7; level >= 0; level-- {
		raw = wrapped(level, raw)
	}
	mail, attachments := w.takesIn(w.mailbox("tributi@comune.example", office), office, raw)
	require.Len(t, attachments, 2)

	answer := w.get(`query($id: ID!) { node(id: $id) { ... on Message { attachments { nodes { nestedPath } } } } }`, map[string]any{"id": idOf("Message", mail.ID)})
	first := graph.AttachmentPath(attachments[1].ID) + "/message"
	require.JSONEq(t, `{"node": {"attachments": {"nodes": [{"nestedPath": null}, {"nestedPath": "`+first+`"}]}}}`, answer)

	path, depth := first, 0
	var got nestedAnswer
	for path != "" {
		depth++
		response, body := w.send("GET", path, "")
		require.Equal(t, http.StatusOK, response.StatusCode, "%s: %s", path, body)
		require.Equal(t, "application/json", response.Header.Get("Content-Type"))
		require.Equal(t, "private, no-store", response.Header.Get("Cache-Control"))
		got = nestedAnswer{}
		require.NoError(t, json.Unmarshal([]byte(body), &got))
		require.Equal(t, fmt.Sprintf("Livello %d", depth), got.Subject)
		require.Equal(t, []nestedPerson{{"Ditta Rossi", "rossi@pec.example"}}, got.From)
		require.Equal(t, fmt.Sprintf("Testo %d", depth), got.Text)
		require.Equal(t, fmt.Sprintf("2026-11-20T10:0%d:00+01:00", depth), got.SentAt.Format("2006-01-02T15:04:05Z07:00"))
		require.True(t, got.HTML)

		response, page := w.send("GET", got.BodyPath, "")
		require.Equal(t, http.StatusOK, response.StatusCode)
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "sandbox allow-same-origin")
		require.Contains(t, page, fmt.Sprintf("<p>Testo %d</p>", depth))
		require.NotContains(t, page, "onclick")

		require.Len(t, got.Attachments, 2)
		response, body = w.send("GET", got.Attachments[0].Path, "")
		require.Equal(t, fmt.Sprintf("nota %d", depth), body)
		require.True(t, strings.HasPrefix(response.Header.Get("Content-Disposition"), `attachment; filename="nota.txt"`))
		path = ""
		if next := got.Attachments[1].NestedPath; next != nil {
			path = *next
		}
	}
	require.Equal(t, 5, depth, "deeper ones are saved, not read")
	inside := first + "/body?in=1.1&remote=1"
	_, page := w.send("GET", inside, "")
	require.Contains(t, page, `<img src="`+first+`/picture?in=1.1&amp;n=0"`)
	response, _ := w.send("GET", first+"/picture?in=1.1&n=0", "")
	require.Equal(t, http.StatusBadGateway, response.StatusCode, "the stranger has no such picture, and was asked")
	require.Equal(t, []string{"attachment"}, w.readingsOf(mail))

	for _, path := range []string{
		first + "?in=0", first + "?in=2", first + "?in=-1", first + "?in=x", first + "?in=1.1.1.1.1", first + "?in=" + strings.Repeat("1.", 500) + "1",
		first + "/parts/2", first + "/parts/-1", first + "/parts/x", graph.AttachmentPath(attachments[0].ID) + "/message", graph.AttachmentPath(9999) + "/message",
	} {
		response, body := w.send("GET", path, "")
		require.Equal(t, http.StatusNotFound, response.StatusCode, "%s: %s", path, body)
	}
	w.token = w.tokenOf(w.employee("altri@comune.example")) // sees that the case is there, not what is in it
	for _, path := range []string{first, first + "/body", first + "/picture?n=0", first + "/parts/0", inside} {
		response, body := w.send("GET", path, "")
		require.Equal(t, http.StatusNotFound, response.StatusCode, "%s: %s", path, body)
	}
	require.Equal(t, []string{"attachment"}, w.readingsOf(mail))
}

// TestWhatIsNoMessageIsNotRead, whatever it is called.
func TestWhatIsNoMessageIsNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, attachments := w.takesIn(w.mailbox("protocollo@comune.example", nil), nil, "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n"+
		"--b\nContent-Type: application/octet-stream; name=rotto.eml\nContent-Transfer-Encoding: base64\n\n"+base64.StdEncoding.EncodeToString([]byte("PK\x03\x04 nothing of a mail"))+"\n"+
		"--b\nContent-Type: application/octet-stream; name=BUONO.EML\nContent-Transfer-Encoding: base64\n\n"+base64.StdEncoding.EncodeToString([]byte("Subject: dentro\r\n\r\nciao"))+"\n--b--\n")
	require.Len(t, attachments, 2)
	response, body := w.send("GET", graph.AttachmentPath(attachments[0].ID)+"/message", "")
	require.Equal(t, http.StatusNotFound, response.StatusCode, body)
	response, body = w.send("GET", graph.AttachmentPath(attachments[1].ID)+"/message", "")
	require.Equal(t, http.StatusOK, response.StatusCode, body)
	require.JSONEq(t, `{"kind": "ordinaria", "subject": "dentro", "from": [], "to": [], "cc": [], "sentAt": null, "text": "ciao", "html": false, "attachments": [],
		"bodyPath": "`+graph.AttachmentPath(attachments[1].ID)+`/message/body"}`, body)
}
