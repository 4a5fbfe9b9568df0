package api

func (a *API) registerQuizzes() {}
