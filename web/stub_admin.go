package web

import "github.com/gin-gonic/gin"

func (s *Site) showPeople(c *gin.Context) error     { return nowhere(c) }
func (s *Site) addPerson(c *gin.Context) error      { return nowhere(c) }
func (s *Site) showPerson(c *gin.Context) error     { return nowhere(c) }
func (s *Site) savePerson(c *gin.Context) error     { return nowhere(c) }
func (s *Site) invitePerson(c *gin.Context) error   { return nowhere(c) }
func (s *Site) setActive(c *gin.Context) error      { return nowhere(c) }
func (s *Site) showCompany(c *gin.Context) error    { return nowhere(c) }
func (s *Site) saveCompany(c *gin.Context) error    { return nowhere(c) }
func (s *Site) showImports(c *gin.Context) error    { return nowhere(c) }
func (s *Site) uploadImport(c *gin.Context) error   { return nowhere(c) }
func (s *Site) importTemplate(c *gin.Context) error { return nowhere(c) }
func (s *Site) showImport(c *gin.Context) error     { return nowhere(c) }
func (s *Site) mapImport(c *gin.Context) error      { return nowhere(c) }
func (s *Site) confirmImport(c *gin.Context) error  { return nowhere(c) }
func (s *Site) undoImport(c *gin.Context) error     { return nowhere(c) }
func (s *Site) importErrors(c *gin.Context) error   { return nowhere(c) }
