package web

import (
	"pitchside/content"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// A route is one line of the site map: an address, and for whom it exists. To
// everybody else it is not there.
type route struct {
	Method, Path string
	For          []people.Capability // nil: everyone who is signed in
	Public       bool                // also without signing in
	Limit        int64               // bytes of body; 0: formLimit
	handle       func(*gin.Context) error
}

var (
	reps      = []people.Capability{people.Rep}
	coaches   = []people.Capability{people.Coach}
	scorers   = []people.Capability{people.Coach, people.Rep} // a rep may be asked as a peer
	leads     = []people.Capability{people.Coach, people.Manager}
	lookers   = []people.Capability{people.Rep, people.Coach, people.Manager}
	practice  = []people.Capability{people.Rep, people.Coach, people.Manager, people.Author}
	attempts  = []people.Capability{people.Rep, people.Coach, people.Manager, people.Author, people.Admin}
	importers = []people.Capability{people.Manager, people.Admin}
	results   = []people.Capability{people.Coach, people.Manager, people.Admin}
	authors   = []people.Capability{people.Author}
	admins    = []people.Capability{people.Admin}
)

// Routes is the whole site map.
func (s *Site) Routes() []route {
	return []route{
		{Method: "GET", Path: "/", Public: true, handle: s.home},
		{Method: "GET", Path: "/help", Public: true, handle: s.showHelp},
		{Method: "GET", Path: "/signin", Public: true, handle: s.showSignIn},
		{Method: "POST", Path: "/signin", Public: true, handle: s.signIn},
		{Method: "POST", Path: "/signout", Public: true, handle: s.signOut},
		{Method: "GET", Path: "/join/:token", Public: true, handle: s.showJoin},
		{Method: "POST", Path: "/join/:token", Public: true, handle: s.join},
		{Method: "GET", Path: "/today", handle: s.showToday},
		{Method: "GET", Path: "/me/data", handle: s.showMyData},
		{Method: "GET", Path: "/me/data.json", handle: s.exportMyData},
		{Method: "GET", Path: "/me/settings", handle: s.showMySettings},
		{Method: "POST", Path: "/me/password", handle: s.changePassword},
		{Method: "POST", Path: "/me/profile", handle: s.saveProfile},
		{Method: "POST", Path: "/me/theme", handle: s.changeTheme},
		{Method: "POST", Path: "/me/sessions/revoke", handle: s.revokeSessions},
		{Method: "POST", Path: "/me/sessions/:id/revoke", handle: s.revokeSession},
		{Method: "POST", Path: "/me/tokens", handle: s.createToken},
		{Method: "POST", Path: "/me/tokens/:id/revoke", handle: s.revokeToken},

		{Method: "GET", Path: "/learn", handle: s.showCatalogue},
		{Method: "GET", Path: "/learn/programs/:program", handle: s.showProgram},
		{Method: "GET", Path: "/learn/programs/:program/:person", For: lookers, handle: s.showPersonProgram},
		{Method: "POST", Path: "/learn/programs/:program/enrol", handle: s.enrolInProgram},
		{Method: "POST", Path: "/learn/programs/:program/leave", handle: s.leaveProgram},
		{Method: "POST", Path: "/learn/programs/:program/newest", handle: s.followNewest},
		{Method: "POST", Path: "/program-enrolments/:id/items/:item/tick", handle: s.tickItem},
		{Method: "POST", Path: "/program-enrolments/:id/items/:item/untick", handle: s.untickItem},
		{Method: "POST", Path: "/program-enrolments/:id/items/:item/gate", For: leads, handle: s.readGate},
		{Method: "POST", Path: "/program-enrolments/:id/items/:item/step", handle: s.saveStep},
		{Method: "POST", Path: "/program-enrolments/:id/extend", For: leads, handle: s.extendProgram},
		{Method: "GET", Path: "/learn/sessions", handle: s.showLiveSessions},
		{Method: "POST", Path: "/learn/sessions", For: programmers, handle: s.planLive},
		{Method: "GET", Path: "/learn/sessions/:id", handle: s.showLive},
		{Method: "POST", Path: "/learn/sessions/:id", For: programmers, handle: s.saveLive},
		{Method: "POST", Path: "/learn/sessions/:id/register", handle: s.registerLive},
		{Method: "POST", Path: "/learn/sessions/:id/leave", handle: s.leaveLive},
		{Method: "POST", Path: "/learn/sessions/:id/attendance", For: programmers, handle: s.markAttendance},
		{Method: "POST", Path: "/learn/sessions/:id/cancel", For: programmers, handle: s.cancelLive},
		{Method: "GET", Path: "/learn/sessions/:id/invitation.ics", handle: s.liveInvitation},
		{Method: "POST", Path: "/me/calendar", handle: s.makeFeed},
		{Method: "POST", Path: "/me/calendar/end", handle: s.endFeed},
		{Method: "GET", Path: "/calendar/:token", Public: true, handle: s.showFeed},
		{Method: "GET", Path: "/learn/:course", handle: s.showCourse},
		{Method: "POST", Path: "/learn/:course/enrol", handle: s.enrol},
		{Method: "GET", Path: "/learn/:course/what-changed", handle: s.showWhatChanged},
		{Method: "POST", Path: "/learn/:course/what-changed", handle: s.stayOrMove},
		{Method: "POST", Path: "/learn/:course/leave", handle: s.leaveCourse},
		{Method: "GET", Path: "/learn/:course/:lesson", handle: s.showLesson},
		{Method: "POST", Path: "/learn/:course/:lesson/answers/:question", handle: s.answerCheck},
		{Method: "POST", Path: "/learn/:course/:lesson/position", handle: s.savePosition},
		{Method: "POST", Path: "/learn/:course/:lesson/done", handle: s.finishLesson},
		{Method: "GET", Path: "/learn/:course/quiz", handle: s.showQuiz},
		{Method: "POST", Path: "/learn/:course/quiz", handle: s.startQuiz},
		{Method: "GET", Path: "/learn/:course/quiz/statistics", For: quizReaders, handle: s.showQuizStatistics},
		{Method: "GET", Path: "/learn/:course/quiz/:attempt", handle: s.showQuizAttempt},
		{Method: "POST", Path: "/learn/:course/quiz/:attempt/answers/:question", handle: s.answerQuiz},
		{Method: "POST", Path: "/learn/:course/quiz/:attempt/submit", handle: s.submitQuiz},
		{Method: "GET", Path: "/review", handle: s.showReview},
		{Method: "POST", Path: "/review/:card", handle: s.rateCard},
		{Method: "GET", Path: "/assign", For: leads, handle: s.showAssign},
		{Method: "POST", Path: "/assign", For: leads, handle: s.assign},
		{Method: "POST", Path: "/assignments/:id/cancel", For: leads, handle: s.cancelAssignment},

		{Method: "GET", Path: "/practice", For: practice, handle: s.showPractice},
		{Method: "GET", Path: "/practice/:scenario", For: practice, handle: s.showScenario},
		{Method: "POST", Path: "/practice/:scenario/attempts", For: reps, handle: s.startAttempt},
		{Method: "GET", Path: "/practice/worksheets/:worksheet", For: practice, handle: s.showWorksheet},
		{Method: "POST", Path: "/practice/worksheets/:worksheet/attempts", For: reps, handle: s.startWorksheet},
		{Method: "POST", Path: "/attempts/:id/fields", For: reps, Limit: 2 << 20, handle: s.saveFields},
		{Method: "GET", Path: "/attempts/:id", For: attempts, handle: s.showAttempt},
		{Method: "POST", Path: "/attempts/:id/turns", For: reps, handle: s.takeTurn},
		{Method: "POST", Path: "/attempts/:id/transcript", For: reps, handle: s.saveTranscript},
		{Method: "GET", Path: "/attempts/:id/media", For: attempts, handle: s.playMedia},
		{Method: "POST", Path: "/attempts/:id/partner", For: reps, handle: s.invitePartner},
		{Method: "GET", Path: "/attempts/:id/live", For: practice, handle: s.showCall},
		{Method: "GET", Path: "/attempts/:id/live/state", For: practice, handle: s.callState},
		{Method: "POST", Path: "/attempts/:id/live", For: practice, handle: s.doCall},
		{Method: "POST", Path: "/attempts/:id/live/notes", For: practice, handle: s.saveCallNotes},
		{Method: "PUT", Path: "/attempts/:id/media", For: practice, Limit: mediaBody, handle: s.sendMedia},
		{Method: "GET", Path: "/attempts/:id/takes", For: practice, handle: s.listTakes},
		{Method: "POST", Path: "/attempts/:id/takes", For: reps, Limit: mediaBody, handle: s.uploadTake},
		{Method: "POST", Path: "/attempts/:id/takes/:take/choose", For: reps, handle: s.chooseTake},
		{Method: "POST", Path: "/attempts/:id/takes/:take/remove", For: reps, handle: s.removeTake},
		{Method: "POST", Path: "/attempts/:id/erasure", For: reps, handle: s.askErasure},
		{Method: "POST", Path: "/attempts/:id/submit", For: reps, handle: s.submitAttempt},
		{Method: "POST", Path: "/attempts/:id/withdraw", For: reps, handle: s.withdrawAttempt},
		{Method: "POST", Path: "/attempts/:id/self", For: reps, handle: s.saveSelfScore},
		{Method: "POST", Path: "/attempts/:id/reflection", For: reps, handle: s.reflect},
		{Method: "POST", Path: "/attempts/:id/share", For: reps, handle: s.shareAttempt},
		{Method: "POST", Path: "/attempts/:id/disputes", For: reps, handle: s.disputeScore},
		{Method: "POST", Path: "/attempts/:id/disputes/outcome", For: results, handle: s.settleDispute},
		{Method: "POST", Path: "/attempts/:id/peers", For: reps, handle: s.askPeer},
		{Method: "POST", Path: "/attempts/:id/consent", For: reps, handle: s.consentToCalibration},
		{Method: "POST", Path: "/attempts/:id/questions/:number", For: lookers, handle: s.sayKind},
		{Method: "POST", Path: "/attempts/:id/break-glass", For: admins, handle: s.breakGlass},

		{Method: "GET", Path: "/score", For: scorers, handle: s.showQueue},
		{Method: "GET", Path: "/score/:id", For: scorers, handle: s.showDesk},
		{Method: "POST", Path: "/score/:id", For: scorers, handle: s.saveSheet},
		{Method: "GET", Path: "/score/answers", For: leads, handle: s.showReading},
		{Method: "POST", Path: "/score/answers/:attempt/:question", For: leads, handle: s.scoreAnswer},
		{Method: "POST", Path: "/score/:id/claim", For: coaches, handle: s.claimAttempt},
		{Method: "GET", Path: "/score/:id/review", For: scorers, handle: s.reviewSheet},
		{Method: "POST", Path: "/score/:id/release", For: scorers, handle: s.releaseSheet},
		{Method: "POST", Path: "/score/:id/recall", For: scorers, handle: s.recallSheet},

		{Method: "POST", Path: "/score/:id/decline", For: scorers, handle: s.declineScoring},
		{Method: "GET", Path: "/reports/disputes", For: results, handle: s.showDisputes},
		{Method: "POST", Path: "/disputes/:id/second", For: results, handle: s.nameSecond},
		{Method: "GET", Path: "/calibrate", For: results, handle: s.showRounds},
		{Method: "POST", Path: "/calibrate", For: results, handle: s.openRound},
		{Method: "GET", Path: "/calibrate/new", For: results, handle: s.showNewRound},
		{Method: "GET", Path: "/calibrate/strictness", For: results, handle: s.showStrictness},
		{Method: "GET", Path: "/calibrate/:id", For: results, handle: s.showRound},
		{Method: "POST", Path: "/calibrate/:id", For: results, handle: s.settleReference},
		{Method: "GET", Path: "/calibrate/:id/scores.csv", For: results, handle: s.exportRound},

		{Method: "GET", Path: "/skills", For: reps, handle: s.showMySkills},
		{Method: "GET", Path: "/skills/:skill", For: reps, handle: s.showMySkill},
		{Method: "POST", Path: "/evidence/:id/questions", For: lookers, handle: s.questionEvidence},
		{Method: "POST", Path: "/evidence-questions/:id/answer", For: leads, handle: s.answerEvidenceQuestion},
		{Method: "GET", Path: "/team", For: leads, handle: s.showHeatmap},
		{Method: "GET", Path: "/team/heatmap.csv", For: leads, handle: s.exportHeatmap},
		{Method: "GET", Path: "/team/:person", For: leads, handle: s.showTeamPerson},
		{Method: "GET", Path: "/team/:person/:skill", For: leads, handle: s.showTeamSkill},

		{Method: "GET", Path: "/coaching", For: lookers, handle: s.showCoaching},
		{Method: "POST", Path: "/coaching", For: leads, handle: s.planSession},
		{Method: "GET", Path: "/coaching/:id", For: lookers, handle: s.showSession},
		{Method: "POST", Path: "/coaching/:id/agenda", For: reps, handle: s.saveAgenda},
		{Method: "POST", Path: "/coaching/:id/notes", For: leads, handle: s.saveNotes},
		{Method: "POST", Path: "/coaching/:id/commitments", For: lookers, handle: s.addCommitment},
		{Method: "POST", Path: "/coaching/:id/commitments/:commitment", For: lookers, handle: s.settleCommitment},
		{Method: "POST", Path: "/coaching/:id/close", For: leads, handle: s.closeSession},
		{Method: "POST", Path: "/coaching/:id/response", For: reps, handle: s.respond},

		{Method: "GET", Path: "/team/performance", For: results, handle: s.showPerformance},
		{Method: "GET", Path: "/team/performance.csv", For: results, handle: s.exportPerformance},
		{Method: "GET", Path: "/team/performance/:metric", For: results, handle: s.showMetric},

		{Method: "GET", Path: "/studio", For: authors, handle: s.showStudio},
		{Method: "POST", Path: "/studio/import", For: authors, Limit: 64 << 20, handle: s.importLibrary},
		{Method: "GET", Path: "/studio/new", For: authors, handle: s.showNew},
		{Method: "POST", Path: "/studio/new", For: authors, handle: s.createDocument},
		{Method: "GET", Path: "/studio/bank", For: authors, handle: s.showBank},
		{Method: "POST", Path: "/studio/bank", For: authors, Limit: 16 << 20, handle: s.readBank},
		{Method: "POST", Path: "/studio/bank/append", For: authors, Limit: 16 << 20, handle: s.appendBank},
		{Method: "GET", Path: "/studio/media", For: authors, handle: s.showMediaList},
		{Method: "POST", Path: "/studio/media", For: authors, Limit: content.MostMedia + 1<<20, handle: s.uploadMedia},
		{Method: "POST", Path: "/studio/sync", For: authors, handle: s.syncLibrary},
		{Method: "GET", Path: "/studio/export.zip", For: authors, handle: s.exportLibrary},
		{Method: "GET", Path: "/studio/:kind/:slug", For: authors, handle: s.showDocument},
		{Method: "GET", Path: "/studio/:kind/:slug/versions/:number", For: authors, handle: s.showDocumentVersion},
		{Method: "GET", Path: "/studio/:kind/:slug/edit", For: authors, handle: s.showEditor},
		{Method: "POST", Path: "/studio/:kind/:slug/edit", For: authors, Limit: 4 << 20, handle: s.saveDocument},
		{Method: "POST", Path: "/studio/:kind/:slug/preview", For: authors, Limit: 4 << 20, handle: s.previewDocument},
		{Method: "GET", Path: "/studio/:kind/:slug/learner", For: authors, handle: s.showAsLearner},
		{Method: "GET", Path: "/studio/:kind/:slug/changes", For: authors, handle: s.showChanges},
		{Method: "GET", Path: "/studio/:kind/:slug/publish", For: authors, handle: s.showPublish},
		{Method: "POST", Path: "/studio/:kind/:slug/publish", For: authors, handle: s.publishDocument},
		{Method: "GET", Path: "/studio/:kind/:slug/bench", For: authors, handle: s.showBench},
		{Method: "POST", Path: "/studio/:kind/:slug/bench", For: authors, handle: s.tryRubric},
		{Method: "POST", Path: "/studio/:kind/:slug/retire", For: authors, handle: s.retireDocument},
		{Method: "POST", Path: "/studio/:kind/:slug/bring-back", For: authors, handle: s.bringBackDocument},
		{Method: "GET", Path: "/media/*path", handle: s.showMedia},

		{Method: "GET", Path: "/admin/people", For: admins, handle: s.showPeople},
		{Method: "POST", Path: "/admin/people", For: admins, handle: s.addPerson},
		{Method: "GET", Path: "/admin/people/:id", For: admins, handle: s.showPerson},
		{Method: "POST", Path: "/admin/people/:id", For: admins, handle: s.savePerson},
		{Method: "POST", Path: "/admin/people/:id/invite", For: admins, handle: s.invitePerson},
		{Method: "POST", Path: "/admin/people/:id/active", For: admins, handle: s.setActive},
		{Method: "POST", Path: "/admin/people/:id/coaches", For: admins, handle: s.addCoach},
		{Method: "POST", Path: "/admin/people/:id/coaches/:coaching/end", For: admins, handle: s.endCoaching},
		{Method: "POST", Path: "/admin/teams", For: admins, handle: s.createTeam},
		{Method: "GET", Path: "/reports/learning", For: leads, handle: s.showLearningReport},
		{Method: "GET", Path: "/reports/learning.csv", For: leads, handle: s.exportLearning},
		{Method: "GET", Path: "/admin/programs", For: programmers, handle: s.showPrograms},
		{Method: "GET", Path: "/admin/programs/:program", For: programmers, handle: s.showAdminProgram},
		{Method: "GET", Path: "/admin/programs/:program/people.csv", For: leads, handle: s.exportProgram},
		{Method: "POST", Path: "/admin/programs/:program/enrol", For: leads, handle: s.enrolPeople},
		{Method: "POST", Path: "/admin/programs/:program/people/:person/leave", For: leads, handle: s.takeOut},
		{Method: "POST", Path: "/admin/programs/:program/rules", For: admins, handle: s.addRule},
		{Method: "POST", Path: "/admin/programs/:program/rules/:id/end", For: admins, handle: s.endRule},
		{Method: "GET", Path: "/admin/settings", For: admins, handle: s.showCompany},
		{Method: "POST", Path: "/admin/settings", For: admins, handle: s.saveCompany},
		{Method: "GET", Path: "/admin/recordings", For: admins, handle: s.showRecordings},
		{Method: "POST", Path: "/admin/recordings", For: admins, handle: s.answerErasure},
		{Method: "GET", Path: "/admin/imports", For: importers, handle: s.showImports},
		{Method: "POST", Path: "/admin/imports", For: importers, Limit: 1 << 30, handle: s.uploadImport},
		{Method: "GET", Path: "/admin/imports/templates/:kind", For: importers, handle: s.importTemplate},
		{Method: "GET", Path: "/admin/imports/:id", For: importers, handle: s.showImport},
		{Method: "POST", Path: "/admin/imports/:id/mapping", For: importers, handle: s.mapImport},
		{Method: "POST", Path: "/admin/imports/:id/confirm", For: importers, handle: s.confirmImport},
		{Method: "POST", Path: "/admin/imports/:id/undo", For: importers, handle: s.undoImport},
		{Method: "POST", Path: "/admin/imports/:id/discard", For: importers, handle: s.discardImport},
		{Method: "GET", Path: "/admin/imports/:id/errors.csv", For: importers, handle: s.importErrors},
	}
}
