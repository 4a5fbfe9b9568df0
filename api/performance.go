package api

func (a *API) registerPerformance() {}
