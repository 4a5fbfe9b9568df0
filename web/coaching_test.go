package web

func init() {
	pageData["coaching/list"] = coachingPage{}
	pageData["coaching/session"] = sessionPage{}
}
