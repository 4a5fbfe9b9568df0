package web

import "github.com/gin-gonic/gin"

func (s *Site) showSignIn(c *gin.Context) error     { return nowhere(c) }
func (s *Site) signIn(c *gin.Context) error         { return nowhere(c) }
func (s *Site) signOut(c *gin.Context) error        { return nowhere(c) }
func (s *Site) showJoin(c *gin.Context) error       { return nowhere(c) }
func (s *Site) join(c *gin.Context) error           { return nowhere(c) }
func (s *Site) showToday(c *gin.Context) error      { return nowhere(c) }
func (s *Site) showMyData(c *gin.Context) error     { return nowhere(c) }
func (s *Site) exportMyData(c *gin.Context) error   { return nowhere(c) }
func (s *Site) showMySettings(c *gin.Context) error { return nowhere(c) }
func (s *Site) changePassword(c *gin.Context) error { return nowhere(c) }
func (s *Site) changeTheme(c *gin.Context) error    { return nowhere(c) }
func (s *Site) revokeSession(c *gin.Context) error  { return nowhere(c) }
func (s *Site) createToken(c *gin.Context) error    { return nowhere(c) }
func (s *Site) revokeToken(c *gin.Context) error    { return nowhere(c) }
