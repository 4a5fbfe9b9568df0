package api

func (a *API) registerRolePlays() {}
