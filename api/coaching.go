package api

func (a *API) registerCoaching() {}
