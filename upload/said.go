package upload

import (
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/tus/tusd/v2/pkg/handler"

	"github.com/smista/smista/archive"
	"github.com/smista/smista/pec"
)

// What a client says of a file in Upload-Metadata.
const (
	nameKey    = "filename"
	kindKey    = "filetype"
	contentKey = "contentid" // a picture that the text shows as cid:…
	digestKey  = "sha256"    // lower-case hex; when given, it is held against what comes
)

var contentID = regexp.MustCompile(`^[A-Za-z0-9._@-]{1,100}$`)

// saidOf keeps what is understood, made safe.
func saidOf(meta handler.MetaData) (handler.MetaData, error) {
	said := handler.MetaData{nameKey: pec.SafeName(meta[nameKey], 1)}
	if kind, _, err := mime.ParseMediaType(meta[kindKey]); err == nil && strings.Contains(kind, "/") {
		said[kindKey] = kind
	}
	if id := meta[contentKey]; id != "" {
		if !contentID.MatchString(id) {
			return nil, malformed("contentid: up to 100 letters, digits and . _ @ -")
		}
		said[contentKey] = id
	}
	if digest := meta[digestKey]; digest != "" {
		if !archive.Digest(digest).Valid() {
			return nil, malformed("sha256: 64 lower-case hexadecimal digits")
		}
		said[digestKey] = digest
	}
	return said, nil
}

// pictures are those that every browser shows, and that run nothing.
func pictures() []string { return []string{"image/png", "image/jpeg", "image/gif", "image/webp"} }

// broad are the looks that many kinds of files share.
func broad() []string {
	return []string{"application/octet-stream", "text/plain", "text/xml", "application/zip", "application/x-gzip"}
}

func isPicture(kind string) bool { return slices.Contains(pictures(), kind) }

// kindOf is the media type of a file: as its bytes look, and as the client says
// where these may be many things.
func kindOf(content io.ReaderAt, said string) (string, error) {
	head := make([]byte, 512)
	n, err := content.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return "", err
	}
	head = head[:n]
	seen, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if said == "" || !slices.Contains(broad(), seen) || isPicture(said) { // bytes of a picture look like one
		return seen, nil
	}
	return said, nil
}
