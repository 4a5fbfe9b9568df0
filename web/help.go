package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// home sends people to where their day begins.
func (s *Site) home(c *gin.Context) error {
	c.Redirect(http.StatusSeeOther, "/today")
	return nil
}

type helpPage struct{ Base }

func (s *Site) showHelp(c *gin.Context) error {
	return s.show(c, http.StatusOK, "help", helpPage{s.base(c, "Help")})
}
