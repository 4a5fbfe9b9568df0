package web

import "github.com/gin-gonic/gin"

func (s *Site) showCoaching(c *gin.Context) error     { return nowhere(c) }
func (s *Site) planSession(c *gin.Context) error      { return nowhere(c) }
func (s *Site) showSession(c *gin.Context) error      { return nowhere(c) }
func (s *Site) saveAgenda(c *gin.Context) error       { return nowhere(c) }
func (s *Site) saveNotes(c *gin.Context) error        { return nowhere(c) }
func (s *Site) addCommitment(c *gin.Context) error    { return nowhere(c) }
func (s *Site) settleCommitment(c *gin.Context) error { return nowhere(c) }
func (s *Site) closeSession(c *gin.Context) error     { return nowhere(c) }
func (s *Site) respond(c *gin.Context) error          { return nowhere(c) }
