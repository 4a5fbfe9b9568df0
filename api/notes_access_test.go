package api_test

import "maps"

// Notes: for whom each address exists.
func init() {
	maps.Copy(access, map[string]string{
		"GET /courses/{slug}/lessons/{lesson}/posts":       "signed in",
		"POST /courses/{slug}/lessons/{lesson}/posts":      "signed in",
		"GET /library/imports/{id}":                        "author admin",
		"GET /assignments/overdue":                         "coach manager",
		"POST /assignments/{id}/nudge":                     "coach manager",
		"PATCH /posts/{id}":                                "signed in",
		"GET /people/{id}/notes":                           "signed in",
		"GET /people/{id}/lessons/{course}/{lesson}/notes": "signed in",
		"PUT /people/{id}/lessons/{course}/{lesson}/notes": "signed in",
	})
}
