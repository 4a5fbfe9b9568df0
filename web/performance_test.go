package web

func init() {
	pageData["imports/list"] = importsPage{}
	pageData["imports/import"] = importPage{}
	pageData["performance/results"] = resultsPage{}
	pageData["performance/metric"] = resultsPage{}
}
