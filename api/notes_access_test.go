package api_test

import "maps"

// Notes: for whom each address exists.

func init() {
	maps.Copy(access, map[string]string{
		"GET /people/{id}/notes":                           "signed in",
		"GET /people/{id}/lessons/{course}/{lesson}/notes": "signed in",
		"PUT /people/{id}/lessons/{course}/{lesson}/notes": "signed in",
	})
}
