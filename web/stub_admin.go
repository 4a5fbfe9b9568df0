package web

import "github.com/gin-gonic/gin"

func (s *Site) showImports(c *gin.Context) error    { return nowhere(c) }
func (s *Site) uploadImport(c *gin.Context) error   { return nowhere(c) }
func (s *Site) importTemplate(c *gin.Context) error { return nowhere(c) }
func (s *Site) showImport(c *gin.Context) error     { return nowhere(c) }
func (s *Site) mapImport(c *gin.Context) error      { return nowhere(c) }
func (s *Site) confirmImport(c *gin.Context) error  { return nowhere(c) }
func (s *Site) undoImport(c *gin.Context) error     { return nowhere(c) }
func (s *Site) importErrors(c *gin.Context) error   { return nowhere(c) }
