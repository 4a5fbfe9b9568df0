package api

func (a *API) registerSkills() {}
