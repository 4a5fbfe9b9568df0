package api_test

import "maps"

// Programs and live sessions: who may make each call.
func init() {
	maps.Copy(access, map[string]string{
		"DELETE /enrolments":                                   "signed in",
		"GET /programs":                                        "signed in",
		"GET /programs/{slug}":                                 "signed in",
		"GET /programs/{slug}/people":                          "signed in",
		"GET /people/{id}/programs":                            "signed in",
		"PUT /program-enrolments/{id}/items/{item}":            "signed in",
		"GET /program-enrolments/{id}/items/{item}/gate":       "signed in",
		"POST /program-enrolments/{id}/items/{item}/readings":  "signed in",
		"POST /program-enrolments/{id}/extensions":             "signed in",
		"GET /enrolment-rules":                                 "coach manager author admin",
		"POST /enrolment-rules":                                "admin",
		"DELETE /enrolment-rules/{id}":                         "admin",
		"GET /live-sessions":                                   "signed in",
		"POST /live-sessions":                                  "coach manager author admin",
		"GET /live-sessions/{id}":                              "signed in",
		"PUT /live-sessions/{id}":                              "coach manager author admin",
		"POST /live-sessions/{id}/cancel":                      "coach manager author admin",
		"GET /live-sessions/{id}/registrations":                "signed in",
		"POST /live-sessions/{id}/registrations":               "signed in",
		"DELETE /live-sessions/{id}/registrations/{person_id}": "signed in",
		"PUT /live-sessions/{id}/attendance":                   "coach manager author admin",
	})
}
