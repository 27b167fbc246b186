package server

import (
	"context"
	"net/http"
	"slices"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/replyfile"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/pec"
)

// findReplyFile finds a file of a reply: in the archive by its own digest when it
// was uploaded, in the original it was taken over from otherwise.
func findReplyFile(ctx context.Context, c *ent.Client, r *http.Request) (*file, error) {
	id := model.ParseID(r.PathValue("id"))
	if id.Type != "ReplyFile" {
		id.Row = 0
	}
	row, err := c.ReplyFile.Query().Where(replyfile.ID(id.Row)).Only(ctx)
	if err != nil {
		return nil, err
	}
	if row.Scan == replyfile.ScanInfected {
		return nil, &model.Error{
			Code:    model.Forbidden,
			English: "the virus scanner found " + row.ScanText + " in this file: it is not handed out",
			Italian: "l'antivirus ha trovato " + row.ScanText + " in questo file: non viene consegnato",
		}
	}
	f := &file{original: archive.Digest(row.Sha256), size: row.Size, digest: row.Sha256}
	if row.AttachmentID != nil {
		if f, err = attached(ctx, c, *row.AttachmentID); err != nil {
			return nil, err
		}
	}
	f.name, f.mediaType = pec.SafeName(row.Name, row.ID), safeMediaType(row.MediaType)
	f.inline = slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, f.mediaType)
	return f, nil
}
