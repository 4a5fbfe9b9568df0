package web

import "github.com/gin-gonic/gin"

func (s *Site) showCatalogue(c *gin.Context) error    { return nowhere(c) }
func (s *Site) showCourse(c *gin.Context) error       { return nowhere(c) }
func (s *Site) enrol(c *gin.Context) error            { return nowhere(c) }
func (s *Site) showLesson(c *gin.Context) error       { return nowhere(c) }
func (s *Site) answerCheck(c *gin.Context) error      { return nowhere(c) }
func (s *Site) savePosition(c *gin.Context) error     { return nowhere(c) }
func (s *Site) finishLesson(c *gin.Context) error     { return nowhere(c) }
func (s *Site) showQuiz(c *gin.Context) error         { return nowhere(c) }
func (s *Site) startQuiz(c *gin.Context) error        { return nowhere(c) }
func (s *Site) showQuizAttempt(c *gin.Context) error  { return nowhere(c) }
func (s *Site) answerQuiz(c *gin.Context) error       { return nowhere(c) }
func (s *Site) submitQuiz(c *gin.Context) error       { return nowhere(c) }
func (s *Site) showReview(c *gin.Context) error       { return nowhere(c) }
func (s *Site) rateCard(c *gin.Context) error         { return nowhere(c) }
func (s *Site) showAssign(c *gin.Context) error       { return nowhere(c) }
func (s *Site) assign(c *gin.Context) error           { return nowhere(c) }
func (s *Site) cancelAssignment(c *gin.Context) error { return nowhere(c) }
