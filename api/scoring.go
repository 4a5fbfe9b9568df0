package api

func (a *API) registerScoring() {}
