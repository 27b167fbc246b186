package graph

import (
	"strconv"
	"strings"

	"github.com/smista/smista/ent"
	"github.com/smista/smista/graph/model"
)

// Where the server hands out files.
const (
	CasesPath       = "/api/v1/cases/"
	OriginalsPath   = "/api/v1/originals/"
	MessagesPath    = "/api/v1/messages/"
	AttachmentsPath = "/api/v1/attachments/"
	ReplyFilesPath  = "/api/v1/reply-files/"
	RepliesPath     = "/api/v1/replies/"
)

// CaseFolderPath is from where all that a case holds is downloaded.
func CaseFolderPath(row int) string {
	return CasesPath + model.GlobalID{Type: "Case", Row: row}.String() + "/folder.zip"
}

// OriginalPath is from where an original is downloaded.
func OriginalPath(digest string) string { return OriginalsPath + digest }

// MessageBodyPath is where what a message says stands as a page.
func MessageBodyPath(row int) string {
	return MessagesPath + model.GlobalID{Type: "Message", Row: row}.String() + "/body"
}

// MessagePicturePath is from where a remote picture of a message is shown, by its
// number in the message.
func MessagePicturePath(row, number int) string {
	return MessagesPath + model.GlobalID{Type: "Message", Row: row}.String() + "/picture?n=" + strconv.Itoa(number)
}

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

// nestedPath is where the message that an attachment is can be read in place; nil
// where it is none.
func nestedPath(a *ent.Attachment) *string {
	if !IsMessage(a.MediaType, a.Name) {
		return nil
	}
	p := AttachmentPath(a.ID) + "/message"
	return &p
}

// IsMessage tells whether an attachment is a message by what it calls itself.
func IsMessage(mediaType, name string) bool {
	return mediaType == "message/rfc822" || strings.HasSuffix(strings.ToLower(name), ".eml")
}
