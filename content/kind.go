package content

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A Kind is a kind of document.
type Kind string

// The kinds of documents.
const (
	KindCourse    Kind = "course"
	KindLesson    Kind = "lesson" // slug: course.lesson
	KindQuiz      Kind = "quiz"   // slug: that of its course
	KindCards     Kind = "cards"  // slug: that of its course
	KindScenario  Kind = "scenario"
	KindRubric    Kind = "rubric"
	KindWorksheet Kind = "worksheet"
	KindTemplate  Kind = "template"
	KindProgram   Kind = "program"
	KindSkills    Kind = "skills"  // one document, slug "skills"
	KindRoles     Kind = "roles"   // one document, slug "roles"
	KindMetrics   Kind = "metrics" // one document, slug "metrics"
	KindMedia     Kind = "media"   // slug: its path, with colons for slashes
)

// Kinds are all kinds, in the order in which a library is read.
var Kinds = []Kind{KindCourse, KindLesson, KindQuiz, KindCards, KindScenario, KindRubric, KindWorksheet, KindTemplate, KindProgram, KindSkills, KindRoles, KindMetrics, KindMedia}

// Valid reports whether k is a kind of document.
func (k Kind) Valid() bool { return slices.Contains(Kinds, k) }

// An Identity is what a document is, as its path says.
type Identity struct {
	Kind Kind
	Slug string
	Path string // in the library, with slashes
}

var (
	slugPattern   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	lessonPattern = regexp.MustCompile(`^\d\d-(.+)\.md$`)
	mediaTypes    = map[string]string{
		".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml",
		".mp3": "audio/mpeg", ".mp4": "video/mp4", ".webm": "video/webm", ".vtt": "text/vtt", ".pdf": "application/pdf",
	}
)

// The lists of a library, and ends of names that are nearly
// those of documents.
var (
	lists  = []string{"skills", "roles", "metrics"}
	nearly = []string{".md", ".markdown", ".mdown", ".mkd", ".mdx", ".txt", ".yaml", ".yml", ".json"}
)

// IsSlug reports whether s can be the name of a document.
func IsSlug(s string) bool { return len(s) <= 100 && slugPattern.MatchString(s) }

// mediaSlug makes a slug of a path that fits into one part of an address.
func mediaSlug(file string) string { return strings.ReplaceAll(file, "/", ":") }

// MediaType returns the media type of a library file by its name, or "".
func MediaType(name string) string { return mediaTypes[strings.ToLower(path.Ext(name))] }

// Identify returns what the file at this path of a library is. ours is false
// for files that belong to no library, such as a README; problem says why a
// file that seems meant for one is not read.
func Identify(file string) (id Identity, ours bool, problem string) {
	id.Path = file
	dir, name := path.Split(file)
	parts := strings.Split(strings.TrimSuffix(dir, "/"), "/")
	bare := strings.TrimSuffix(name, path.Ext(name))
	ext := path.Ext(name)
	if ext == ".yml" {
		ext = ".yaml"
	}
	if slices.ContainsFunc(strings.Split(file, "/"), func(p string) bool { return strings.HasPrefix(p, ".") || p == "__MACOSX" }) {
		return id, false, ""
	}
	known := func(kind Kind, slug string) (Identity, bool, string) {
		for s := range strings.SplitSeq(slug, ".") {
			if !IsSlug(s) {
				return id, false, fmt.Sprintf("“%s” cannot be the name of a %s.", s, kind)
			}
		}
		id.Kind, id.Slug = kind, slug
		return id, true, ""
	}
	if MediaType(name) != "" {
		id.Kind, id.Slug = KindMedia, mediaSlug(file)
		return id, dir != "", ""
	}
	if ext != ".md" && ext != ".yaml" {
		if dir != "" && slices.Contains(folders, parts[0]) && slices.Contains(nearly, strings.ToLower(ext)) {
			return id, false, fmt.Sprintf("The name ends in “%s”, and documents end in .md or .yaml, so this file is not read.", ext)
		}
		return id, false, ""
	}
	switch {
	case dir == "" && ext == ".yaml" && slices.Contains(lists, bare):
		return known(Kind(bare), bare)
	case dir == "" && ext == ".yaml" && slices.Contains(lists, strings.ToLower(strings.TrimSuffix(bare, "s"))+"s"):
		return id, false, "The lists at the top are called skills.yaml, roles.yaml and metrics.yaml; this is none of them."
	case dir == "":
		return id, false, ""
	case parts[0] == "courses" && len(parts) == 2:
		switch {
		case name == "course.md":
			return known(KindCourse, parts[1])
		case name == "quiz.md":
			return known(KindQuiz, parts[1])
		case bare == "cards" && ext == ".yaml":
			return known(KindCards, parts[1])
		case lessonPattern.MatchString(name):
			return known(KindLesson, parts[1]+"."+lessonPattern.FindStringSubmatch(name)[1])
		}
		return id, false, "A course holds course.md, quiz.md, cards.yaml and lessons named NN-name.md; this is none of them."
	case parts[0] == "scenarios" && len(parts) == 1 && ext == ".md":
		return known(KindScenario, bare)
	case parts[0] == "rubrics" && len(parts) == 1 && ext == ".yaml":
		return known(KindRubric, bare)
	case parts[0] == "worksheets" && len(parts) == 1 && ext == ".md":
		return known(KindWorksheet, bare)
	case parts[0] == "templates" && len(parts) == 1 && ext == ".yaml":
		return known(KindTemplate, bare)
	case parts[0] == "programs" && len(parts) == 1 && ext == ".yaml":
		return known(KindProgram, bare)
	}
	return id, false, "This file is in no place where a library is read."
}
