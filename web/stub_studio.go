package web

import "github.com/gin-gonic/gin"

func (s *Site) showStudio(c *gin.Context) error          { return nowhere(c) }
func (s *Site) importLibrary(c *gin.Context) error       { return nowhere(c) }
func (s *Site) exportLibrary(c *gin.Context) error       { return nowhere(c) }
func (s *Site) showDocument(c *gin.Context) error        { return nowhere(c) }
func (s *Site) showDocumentVersion(c *gin.Context) error { return nowhere(c) }
