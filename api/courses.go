package api

func (a *API) registerLearning() {}
