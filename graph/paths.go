package graph

import "github.com/smista/smista/graph/model"

// Where the server hands out files.
const (
	OriginalsPath   = "/api/v1/originals/"
	AttachmentsPath = "/api/v1/attachments/"
)

// OriginalPath is from where an original is downloaded.
func OriginalPath(digest string) string { return OriginalsPath + digest }

// AttachmentPath is from where the content of an attachment is downloaded.
func AttachmentPath(row int) string {
	return AttachmentsPath + model.GlobalID{Type: "Attachment", Row: row}.String()
}
