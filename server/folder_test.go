package server

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/casefile"
	entevent "github.com/smista/smista/ent/event"
	entmessage "github.com/smista/smista/ent/message"
	"github.com/smista/smista/ent/recipient"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph"
	"github.com/smista/smista/pec"
	"github.com/smista/smista/pec/smime"
	"github.com/smista/smista/staff"
)

// enclosed is a file that comes with a message.
type enclosed struct{ name, content string }

// files adds a message with files to a case, and gives its id.
func (w *world) files(c *ent.CaseFile, kind pec.Kind, of int, direction entmessage.Direction, files ...enclosed) (id int) {
	w.t.Helper()
	w.count++
	raw := fmt.Sprintf("Subject: documento %d\r\n\r\n", w.count)
	sections := make([]string, len(files))
	for i, f := range files {
		coded := base64.StdEncoding.EncodeToString([]byte(f.content))
		sections[i] = fmt.Sprintf("%d+%d/base64", len(raw), len(coded))
		raw += coded + "\r\n"
	}
	digest, size, err := w.store.Put(w.ctx(), strings.NewReader(raw))
	require.NoError(w.t, err)
	at := noon.Add(time.Duration(w.count) * time.Minute)
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		row := tx.Message.Create().SetDigest(string(digest)).SetSize(size).SetDirection(direction).SetKind(kind).SetCaseID(c.ID).
			SetVerdict(smime.Valid).SetEvidence(smime.Verdict{Status: smime.Valid, Signer: "posta-certificata@pec.example"}).
			SetSubject(fmt.Sprintf("Documento <%d>", w.count)).SetSenderAddress("rossi@pec.example").SetIdentifier(fmt.Sprintf("opec2.%d", w.count)).
			SetReceivedAt(at).SetArchivedAt(at)
		if of != 0 {
			row.SetReceiptOfID(of).SetCertification(&pec.Certification{DeliveryTo: "verdi@pec.example", Provider: "Gestore di prova"})
		}
		id = row.SaveX(ctx).ID
		for i, f := range files {
			tx.Attachment.Create().SetMessageID(id).SetPosition(i).SetName(f.name).SetMediaType("application/pdf").
				SetSize(int64(len(f.content))).SetSha256(digestOf(f.content)).SetSection(sections[i]).SaveX(ctx)
		}
		return nil
	})
	return id
}

// unzipped is what a zip file holds, by name in its order.
type unzipped struct {
	names    []string
	contents map[string]string
}

func unzip(t *testing.T, body string) unzipped {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	require.NoError(t, err)
	u := unzipped{contents: map[string]string{}}
	for _, f := range r.File {
		from, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(from)
		require.NoError(t, err)
		u.names = append(u.names, f.Name)
		u.contents[f.Name] = string(content)
	}
	return u
}

// within are the contents of the files of a folder, in their order.
func (u unzipped) within(folder string) (contents []string) {
	for _, name := range u.names {
		if strings.HasPrefix(name, folder) {
			contents = append(contents, u.contents[name])
		}
	}
	return contents
}

func (w *world) folderOf(c *ent.CaseFile) unzipped {
	w.t.Helper()
	response, body := w.send("GET", graph.CaseFolderPath(c.ID), "")
	require.Equal(w.t, http.StatusOK, response.StatusCode, body)
	require.Equal(w.t, "application/zip", response.Header.Get("Content-Type"))
	require.Contains(w.t, response.Header.Get("Content-Disposition"), `attachment; filename="Pratica `+strings.ReplaceAll(c.Number, "/", "-")+`.zip"`)
	return unzip(w.t, body)
}

// TestACaseIsTakenAwayWhole: each original, each file that came with one, each
// receipt, and an index; what is in the zip is what is in the archive.
func TestACaseIsTakenAwayWhole(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		office := w.office("tributi")
		c, first := w.arrives(w.mailbox("tributi@comune.example", office), office, 1)
		hostile := []enclosed{
			{"relazione.pdf", "uno"}, {"RELAZIONE.PDF", "due"}, {"relazione.pdf", "tre"}, {"../../etc/passwd", "quattro"}, {`C:\boot.ini`, "cinque"}, {"CON.txt", "sei"},
			{"fattura\u202efdp.exe", "sette"}, {"", "otto"}, {"citt\u00e0.txt", "nove"}, {"citta\u0300.txt", "dieci"}, {"a#b%2f?c.txt", "undici"}, {"lettera.eml", "dodici"},
		}
		sent := w.files(c, pec.OrdinaryMail, 0, entmessage.DirectionOutgoing, hostile...)
		accepted := w.files(c, pec.Acceptance, sent, entmessage.DirectionIncoming)
		delivered := w.files(c, pec.Delivery, sent, entmessage.DirectionIncoming)
		stray := w.files(c, pec.DeliveryWarning, 0, entmessage.DirectionIncoming)
		at := noon.Add(time.Hour)
		w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
			tx.Recipient.Create().SetMessageID(sent).SetAddress("verdi@pec.example").SetStatus(recipient.StatusDelivered).SetDeliveredAt(at).SaveX(ctx)
			return nil
		})

		u := w.folderOf(c)
		digests := func(contents []string) (all []string) {
			for _, content := range contents {
				all = append(all, digestOf(content))
			}
			return all
		}
		digest := func(id int) string { return w.db.Client().Message.GetX(w.ctx(), id).Digest }
		require.Equal(t, []string{first.Digest, digestOf("allegato")}, digests(u.within("001 2026-11-20 in arrivo/")))
		require.Equal(t, []string{digest(sent)}, digests(u.within("002 2026-11-20 in partenza/originale.eml")))
		require.Equal(t, []string{digest(accepted), digest(delivered)}, digests(u.within("002 2026-11-20 in partenza/ricevute/")))
		require.Equal(t, []string{digest(stray)}, digests(u.within("altre ricevute/")))
		var contents []string
		for _, f := range hostile {
			contents = append(contents, f.content)
		}
		require.Equal(t, contents, u.within("002 2026-11-20 in partenza/allegati/"))
		u.namesAreSafe(t)
		u.sumsHold(t)

		for _, index := range []struct{ file, lang, delivered string }{{"indice.html", `lang="it"`, "Consegnata"}, {"index.html", `lang="en"`, "Delivered"}} {
			page := u.contents[index.file]
			for _, said := range []string{index.lang, index.delivered, c.Number, digest(sent), digestOf("tre"), "opec2.", "verdi@pec.example", "Tutti", "Documento &lt;"} {
				require.Contains(t, page, said)
			}
			require.NotContains(t, page, "Documento <")
			require.NotContains(t, page, "ZgotmplZ")
		}
		require.Equal(t, []int{first.ID, sent, accepted, delivered, stray}, w.takenMessages(), "the register tells all that was taken")
		w.folderOf(c)
		require.Len(t, w.takenMessages(), 5, "and tells it once")
	})
}

func (u unzipped) namesAreSafe(t *testing.T) {
	t.Helper()
	seen := map[string]bool{}
	for _, name := range u.names {
		require.True(t, fs.ValidPath(name), name)
		require.NotContains(t, name, `\`)
		require.NotContains(t, name, "\u202e")
		lower := strings.ToLower(strings.ReplaceAll(name, "a\u0300", "\u00e0"))
		require.False(t, seen[lower], "%s is there twice", name)
		seen[lower] = true
		require.Equal(t, pec.SafeName(name[strings.LastIndex(name, "/")+1:], 0), name[strings.LastIndex(name, "/")+1:])
	}
}

// sumsHold checks what sha256sum -c would.
func (u unzipped) sumsHold(t *testing.T) {
	t.Helper()
	var named []string
	for line := range strings.Lines(u.contents["SHA256SUMS.txt"]) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		require.True(t, ok)
		have := sha256.Sum256([]byte(u.contents[name]))
		require.Equal(t, hex.EncodeToString(have[:]), sum, name)
		named = append(named, name)
	}
	require.Equal(t, slices.DeleteFunc(slices.Clone(u.names), func(n string) bool { return n == "SHA256SUMS.txt" }), named)
}

// takenMessages are those of which the register says that they were taken with their case.
func (w *world) takenMessages() (ids []int) {
	for _, e := range w.db.Client().Event.Query().Where(entevent.Kind(string(event.ContentRead))).Order(entevent.ByID()).AllX(w.ctx()) {
		told, err := event.FromRow(e)
		require.NoError(w.t, err)
		require.Equal(w.t, graph.ReadFolder, told.Details.Reason)
		ids = append(ids, *e.MessageID)
	}
	return ids
}

// TestAFolderIsOnlyForWhoReadsTheCase: for everybody else, and for a token without
// the scope of content, it is not there, and the register stays silent.
func TestAFolderIsOnlyForWhoReadsTheCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	office := w.office("tributi")
	box := w.mailbox("tributi@comune.example", office)
	c, _ := w.arrives(box, office, 1)
	reserved, _ := w.arrives(box, office, 1)
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		tx.CaseFile.UpdateOne(reserved).SetReserved(true).ExecX(ctx)
		return nil
	})
	all := w.token
	shallow, _, err := w.deps.Staff.MakeToken(w.ctx(), 1, "senza contenuto", []string{staff.ScopeRead}, time.Hour)
	require.NoError(t, err)
	_, nothing := w.send("GET", graph.CaseFolderPath(1<<40), "")
	refused := func(token, path string) {
		t.Helper()
		response, body := w.send("GET", path, "", "Authorization", "Bearer "+token)
		require.Equal(t, http.StatusNotFound, response.StatusCode, path)
		before, _, _ := strings.Cut(nothing, "requestId")
		require.True(t, strings.HasPrefix(body, before), body)
	}
	refused(shallow, graph.CaseFolderPath(c.ID))
	refused(all, graph.CaseFolderPath(reserved.ID))
	refused(all, graph.CasesPath+idOf("Message", c.ID)+"/folder.zip")
	refused(w.tokenOf(w.employee("altri@comune.example")), graph.CaseFolderPath(c.ID))
	response, _ := w.send("GET", graph.CaseFolderPath(c.ID), "", "Authorization", "")
	require.Equal(t, http.StatusUnauthorized, response.StatusCode)
	require.Empty(t, w.takenMessages())
}

// TestAMergedCaseIsTakenAsTheOneItWasMergedInto.
func TestAMergedCaseIsTakenAsTheOneItWasMergedInto(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	box := w.mailbox("protocollo@comune.example", nil)
	into, _ := w.arrives(box, nil, 0)
	merged, m := w.arrives(box, nil, 0)
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		tx.CaseFile.UpdateOne(merged).SetStatus(casefile.StatusMerged).SetMergedInto(into).ExecX(ctx)
		tx.Message.UpdateOne(m).SetCase(into).ExecX(ctx)
		return nil
	})
	response, body := w.send("GET", graph.CaseFolderPath(merged.ID), "")
	require.Equal(t, http.StatusOK, response.StatusCode, body)
	require.Contains(t, response.Header.Get("Content-Disposition"), strings.ReplaceAll(into.Number, "/", "-"))
	require.Equal(t, digestOf(unzip(t, body).contents["002 2026-11-20 in arrivo/originale.eml"]), m.Digest)
}

// TestAPartOfAFolderIsNotTakenForTheWhole: what went wrong on the way ends the
// connection.
func TestAPartOfAFolderIsNotTakenForTheWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, m := w.arrives(w.mailbox("protocollo@comune.example", nil), nil, 0)
	w.write(func(ctx context.Context, tx *ent.Tx) []event.Entry {
		tx.Attachment.Create().SetMessage(m).SetPosition(0).SetName("altro.pdf").SetMediaType("application/pdf").
			SetSize(8).SetSha256(digestOf("altro")).SetSection("0+8").SaveX(ctx)
		return nil
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.http.URL+graph.CaseFolderPath(c.ID), http.NoBody)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+w.token)
	response, err := http.DefaultClient.Do(r)
	if err == nil {
		_, err = io.ReadAll(response.Body)
		require.NoError(t, response.Body.Close())
	}
	require.Error(t, err)
	require.Contains(t, w.said.String(), "not what was recorded")
}
