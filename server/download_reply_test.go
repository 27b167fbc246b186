package server

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/reply"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
)

// draft writes a reply to a PEC with files in it, and gives their paths.
func (w *world) draft(mail *ent.Message, box *ent.Mailbox, files ...func(f *ent.ReplyFileCreate)) (paths []string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		author := tx.User.Query().Where(user.Email("tutti@comune.example")).OnlyIDX(ctx)
		r := tx.Reply.Create().SetCaseID(*mail.CaseID).SetManner(reply.MannerReply).SetMailboxID(box.ID).
			SetAuthorID(author).SetEditedByID(author).SetCreatedAt(noon).SetEditedAt(noon).SaveX(ctx)
		for _, set := range files {
			f := tx.ReplyFile.Create().SetReply(r).SetCaseID(*mail.CaseID).SetAddedByID(author).SetAddedAt(noon)
			set(f)
			paths = append(paths, graph.ReplyFilePath(f.SaveX(ctx).ID))
		}
		return nil
	})
	return paths
}

// kept archives some text as a file of a reply.
func (w *world) kept(name, kind, content string) func(*ent.ReplyFileCreate) {
	digest, size, err := w.store.Put(w.ctx(), strings.NewReader(content))
	require.NoError(w.t, err)
	return func(f *ent.ReplyFileCreate) {
		f.SetName(name).SetMediaType(kind).SetSize(size).SetSha256(string(digest))
	}
}

func TestFilesOfRepliesAreDownloaded(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		office := w.office("tributi")
		box := w.mailbox("tributi@comune.example", office)
		_, mail := w.arrives(box, office, 1)
		paths := w.draft(mail, box,
			w.kept("relazione.pdf", "application/pdf", "%PDF-1.7"),
			w.kept("logo.png", "image/png", "\x89PNG"),
			w.kept("foglio.svg", "image/svg+xml", "<svg/>"),
			func(f *ent.ReplyFileCreate) {
				f.SetName("allegato 0.pdf").SetMediaType("application/pdf").SetSize(8).SetSha256(digestOf("allegato")).
					SetAttachmentID(w.db.Client().Attachment.Query().OnlyIDX(w.ctx()))
			},
			func(f *ent.ReplyFileCreate) {
				f.SetName("fattura.exe").SetMediaType("text/plain").SetSize(1).SetSha256(digestOf("x")).SetScan("INFECTED").SetScanText("Prova")
			},
		)
		for i, want := range []struct{ content, kind, disposition string }{
			{"%PDF-1.7", "application/pdf", `attachment; filename="relazione.pdf"`},
			{"\x89PNG", "image/png", `inline; filename="logo.png"`},
			{"<svg/>", "image/svg+xml", `attachment; filename="foglio.svg"`},
			{"allegato", "application/pdf", `attachment; filename="allegato 0.pdf"`},
		} {
			response, body := w.send("GET", paths[i], "")
			require.Equal(t, http.StatusOK, response.StatusCode, body)
			require.Equal(t, want.content, body)
			require.Equal(t, want.kind, response.Header.Get("Content-Type"))
			require.True(t, strings.HasPrefix(response.Header.Get("Content-Disposition"), want.disposition+";"))
			require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'; sandbox")
			require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
			require.Equal(t, `"`+digestOf(want.content)+`"`, response.Header.Get("ETag"))
		}
		response, body := w.send("GET", paths[4], "", "Accept-Language", "it")
		require.Equal(t, http.StatusForbidden, response.StatusCode)
		require.Contains(t, body, "l'antivirus ha trovato Prova")
		reads, err := w.db.Client().Event.Query().All(w.ctx())
		require.NoError(t, err)
		told := 0
		for _, e := range reads {
			if e.Kind == string(event.ContentRead) {
				told++
			}
		}
		require.Equal(t, 1, told, "what was taken over is content of the PEC")

		for _, path := range []string{graph.ReplyFilesPath + idOf("Attachment", 1), graph.ReplyFilesPath + "1", graph.ReplyFilePath(99)} {
			response, _ = w.send("GET", path, "")
			require.Equal(t, http.StatusNotFound, response.StatusCode)
		}
		w.token = w.tokenOf(w.employee("altri@comune.example")) // sees that the case is there, not what is in it
		for _, path := range paths {
			response, body = w.send("GET", path, "")
			require.Equal(t, http.StatusNotFound, response.StatusCode, body)
		}
	})
}
