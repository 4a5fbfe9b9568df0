package web

import "maps"

// Programs and live sessions: for whom each address exists.
func init() {
	maps.Copy(access, map[string]string{
		"GET /learn/programs/:program":                       "signed in",
		"GET /learn/programs/:program/:person":               "rep coach manager",
		"POST /learn/programs/:program/enrol":                "signed in",
		"POST /learn/programs/:program/leave":                "signed in",
		"POST /learn/programs/:program/newest":               "signed in",
		"POST /program-enrolments/:id/items/:item/tick":      "signed in",
		"POST /program-enrolments/:id/items/:item/untick":    "signed in",
		"POST /program-enrolments/:id/items/:item/gate":      "coach manager",
		"POST /program-enrolments/:id/items/:item/step":      "signed in",
		"POST /program-enrolments/:id/extend":                "coach manager",
		"POST /learn/:course/leave":                          "signed in",
		"GET /learn/sessions":                                "signed in",
		"POST /learn/sessions":                               "coach manager author admin",
		"GET /learn/sessions/:id":                            "signed in",
		"POST /learn/sessions/:id":                           "coach manager author admin",
		"POST /learn/sessions/:id/register":                  "signed in",
		"POST /learn/sessions/:id/leave":                     "signed in",
		"POST /learn/sessions/:id/attendance":                "coach manager author admin",
		"POST /learn/sessions/:id/cancel":                    "coach manager author admin",
		"GET /learn/sessions/:id/invitation.ics":             "signed in",
		"POST /me/calendar":                                  "signed in",
		"POST /me/calendar/end":                              "signed in",
		"GET /calendar/:token":                               "public",
		"GET /reports/learning":                              "coach manager",
		"GET /reports/learning.csv":                          "coach manager",
		"GET /admin/programs":                                "coach manager author admin",
		"GET /admin/programs/:program":                       "coach manager author admin",
		"GET /admin/programs/:program/people.csv":            "coach manager",
		"POST /admin/programs/:program/enrol":                "coach manager",
		"POST /admin/programs/:program/people/:person/leave": "coach manager",
		"POST /admin/programs/:program/rules":                "admin",
		"POST /admin/programs/:program/rules/:id/end":        "admin",
	})
}
