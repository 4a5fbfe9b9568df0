package web

import "github.com/gin-gonic/gin"

func (s *Site) showPractice(c *gin.Context) error    { return nowhere(c) }
func (s *Site) showScenario(c *gin.Context) error    { return nowhere(c) }
func (s *Site) startAttempt(c *gin.Context) error    { return nowhere(c) }
func (s *Site) showAttempt(c *gin.Context) error     { return nowhere(c) }
func (s *Site) takeTurn(c *gin.Context) error        { return nowhere(c) }
func (s *Site) saveTranscript(c *gin.Context) error  { return nowhere(c) }
func (s *Site) submitAttempt(c *gin.Context) error   { return nowhere(c) }
func (s *Site) withdrawAttempt(c *gin.Context) error { return nowhere(c) }
func (s *Site) saveSelfScore(c *gin.Context) error   { return nowhere(c) }
func (s *Site) reflect(c *gin.Context) error         { return nowhere(c) }
func (s *Site) shareAttempt(c *gin.Context) error    { return nowhere(c) }
func (s *Site) breakGlass(c *gin.Context) error      { return nowhere(c) }
