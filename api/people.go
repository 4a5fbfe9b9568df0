package api

func (a *API) registerPeople() {}
