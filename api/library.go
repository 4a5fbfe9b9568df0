package api

func (a *API) registerLibrary() {}
