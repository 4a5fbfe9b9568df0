package web

import "maps"

// Notes: for whom each address exists.
func init() {
	maps.Copy(access, map[string]string{
		"GET /learn/notes":                       "signed in",
		"GET /learn/:course/:lesson/discussion":  "signed in",
		"POST /learn/:course/:lesson/discussion": "signed in",
		"POST /posts/:id":                        "signed in",
		"GET /studio/imports/:id":                "author",
		"POST /assignments/:id/nudge":            "coach manager",
		"GET /colleagues":                        "signed in",
		"GET /learn/notes.md":                    "signed in",
		"GET /learn/:course/:lesson/notes":       "signed in",
		"POST /learn/:course/:lesson/notes":      "signed in",
	})
	pageData["learn/lesson-notes"] = lessonNotesPage{}
	pageData["studio/import"] = studioImportPage{}
	pageData["learn/discussion"] = discussionPage{}
	pageData["learn/notes"] = myNotesPage{}
}
