package web

import "github.com/gin-gonic/gin"

func (s *Site) showQueue(c *gin.Context) error    { return nowhere(c) }
func (s *Site) showDesk(c *gin.Context) error     { return nowhere(c) }
func (s *Site) saveSheet(c *gin.Context) error    { return nowhere(c) }
func (s *Site) claimAttempt(c *gin.Context) error { return nowhere(c) }
func (s *Site) reviewSheet(c *gin.Context) error  { return nowhere(c) }
func (s *Site) releaseSheet(c *gin.Context) error { return nowhere(c) }
func (s *Site) recallSheet(c *gin.Context) error  { return nowhere(c) }
