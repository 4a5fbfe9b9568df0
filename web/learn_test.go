package web

func init() {
	pageData["learn/catalogue"] = cataloguePage{}
	pageData["learn/course"] = coursePage{}
	pageData["learn/changed"] = changedPage{}
	pageData["learn/lesson"] = lessonPage{}
	pageData["learn/settled"] = settledPage{}
	pageData["learn/review"] = reviewPage{}
	pageData["learn/cards"] = cardsPage{}
	pageData["certificates/mine"] = myCertificatesPage{}
	pageData["certificates/certificate"] = certificatePage{}
	pageData["certificates/verify"] = verifyPage{}
	pageData["reports/certificates"] = certificatesPage{}
	pageData["quiz/quiz"] = quizPage{}
	pageData["quiz/statistics"] = quizStatisticsPage{}
	pageData["score/reading"] = readingPage{}
	pageData["quiz/paper"] = paperPage{}
	pageData["quiz/statistics"] = quizStatisticsPage{}
	pageData["score/reading"] = readingPage{}
	pageData["quiz/result"] = resultPage{}
	pageData["live/list"] = liveListPage{}
	pageData["live/session"] = livePage{}
	pageData["reports/learning"] = learningPage{}
	pageData["learn/program"] = programPage{}
	pageData["admin/programs"] = programsPage{}
	pageData["admin/program"] = adminProgramPage{}
	pageData["assign/assign"] = assignPage{}
	pageData["today/today"] = todayPage{}
}
