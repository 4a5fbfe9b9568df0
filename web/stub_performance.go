package web

import "github.com/gin-gonic/gin"

func (s *Site) showPerformance(c *gin.Context) error   { return nowhere(c) }
func (s *Site) exportPerformance(c *gin.Context) error { return nowhere(c) }
func (s *Site) showMetric(c *gin.Context) error        { return nowhere(c) }
