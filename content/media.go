package content

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"path"
	"strings"

	"pitchside/internal/fault"
	"pitchside/people"
)

// MostMedia is how large a picture, sound or film may be, in bytes.
const MostMedia = mostMedia

// AddMedia puts a picture, sound or film beside the documents of a course and
// publishes it: drafts that show it can be looked at, and nobody meets it but
// through a document. The kind is read from the bytes and has to be what the
// name says. A file of the same name becomes its next version. Only authors
// and admins may.
func (s *Service) AddMedia(ctx context.Context, by people.Actor, course, filename string, body []byte) (*Document, error) {
	if err := mayAuthor(by); err != nil {
		return nil, err
	}
	if !IsSlug(course) {
		return nil, fault.Field("course", "Choose the course that it belongs to.")
	}
	ext := strings.ToLower(path.Ext(filename))
	name := SlugOf(strings.TrimSuffix(path.Base(filename), path.Ext(filename)))
	switch {
	case MediaType(filename) == "":
		return nil, fault.Field("file", "This is no file that the library takes: PNG, JPEG, GIF, WebP and SVG, MP3, MP4, WebM, VTT and PDF.")
	case name == "":
		return nil, fault.Field("file", "Give the file a name with letters or digits.")
	case len(body) > mostMedia:
		return nil, fault.Field("file", "The file is larger than 32 MB. Make it smaller.")
	case !looksLike(MediaType(filename), body):
		return nil, fault.Field("file", fmt.Sprintf("The file is called %s and holds something else. Save it in the kind that its name says.", ext))
	}
	id, _, _ := Identify("courses/" + course + "/" + name + ext)
	if _, err := s.bring(ctx, by, &folder{docs: []*Document{Read(id, body)}}, bringing{publish: true}); err != nil {
		return nil, err
	}
	return s.Published(ctx, KindMedia, id.Slug)
}

// looksLike reports whether bytes are of a media type.
func looksLike(want string, body []byte) bool {
	start := bytes.TrimSpace(bytes.TrimPrefix(body[:min(len(body), 4096)], []byte("\ufeff")))
	switch want {
	case "image/svg+xml":
		return bytes.HasPrefix(start, []byte("<")) && bytes.Contains(start, []byte("<svg"))
	case "text/vtt":
		return bytes.HasPrefix(start, []byte("WEBVTT"))
	case "audio/mpeg":
		return http.DetectContentType(body) == want || len(body) > 1 && body[0] == 0xff && body[1]&0xe0 == 0xe0
	}
	return http.DetectContentType(body) == want
}
