package web

func init() {
	pageData["signin/signin"] = signInPage{}
	pageData["signin/resume"] = resumePage{}
	pageData["signin/join"] = joinPage{}
	pageData["me/data"] = myDataPage{}
	pageData["me/settings"] = mySettingsPage{}
	pageData["admin/people"] = peoplePage{}
	pageData["admin/person"] = personPage{}
	pageData["admin/settings"] = companyPage{}
}
