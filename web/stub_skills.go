package web

import "github.com/gin-gonic/gin"

func (s *Site) showMySkills(c *gin.Context) error           { return nowhere(c) }
func (s *Site) showMySkill(c *gin.Context) error            { return nowhere(c) }
func (s *Site) questionEvidence(c *gin.Context) error       { return nowhere(c) }
func (s *Site) answerEvidenceQuestion(c *gin.Context) error { return nowhere(c) }
func (s *Site) showHeatmap(c *gin.Context) error            { return nowhere(c) }
func (s *Site) exportHeatmap(c *gin.Context) error          { return nowhere(c) }
func (s *Site) showTeamPerson(c *gin.Context) error         { return nowhere(c) }
func (s *Site) showTeamSkill(c *gin.Context) error          { return nowhere(c) }
