package graph

import "github.com/smista/smista/graph/model"

// Where the server hands out files.
const (
	OriginalsPath   = "/api/v1/originals/"
	AttachmentsPath = "/api/v1/attachments/"
	ReplyFilesPath  = "/api/v1/reply-files/"
	RepliesPath     = "/api/v1/replies/"
)

// OriginalPath is from where an original is downloaded.
func OriginalPath(digest string) string { return OriginalsPath + digest }

// AttachmentPath is from where the content of an attachment is downloaded.
func AttachmentPath(row int) string {
	return AttachmentsPath + model.GlobalID{Type: "Attachment", Row: row}.String()
}

// ReplyFilePath is from where a file of a reply is downloaded.
func ReplyFilePath(row int) string {
	return ReplyFilesPath + model.GlobalID{Type: "ReplyFile", Row: row}.String()
}

// ReplyUploadsPath is where files for a reply are uploaded, by the tus protocol.
func ReplyUploadsPath(row int) string {
	return RepliesPath + model.GlobalID{Type: "Reply", Row: row}.String() + "/files/"
}
