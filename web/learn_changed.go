package web

import (
	"net/http"

	"pitchside/courses"

	"github.com/gin-gonic/gin"
)

type changedPage struct {
	Base
	Outline *courses.Outline
	Lessons []courses.NewerLesson
	Asked   bool // they have not chosen yet
}

// showWhatChanged shows a learner what changed since they began a course.
func (s *Site) showWhatChanged(c *gin.Context) error {
	by, course := actor(c), c.Param("course")
	place, err := s.Courses.Place(ctx(c), by, course)
	if err != nil {
		return err
	}
	p := changedPage{Base: s.base(c, "What changed in "+place.Outline.Title), Outline: place.Outline}
	p.Wide = "wide"
	if p.Lessons, err = s.Courses.WhatChanged(ctx(c), by, by.ID, course); err != nil {
		return err
	}
	for _, n := range p.Lessons {
		p.Asked = p.Asked || !n.Stays
	}
	return s.show(c, http.StatusOK, "learn/changed", p)
}

func (s *Site) stayOrMove(c *gin.Context) error {
	by, course := actor(c), c.Param("course")
	move := c.PostForm("choice") == "move"
	if err := s.Courses.StayOrMove(ctx(c), by, by.ID, course, move); err != nil {
		return err
	}
	said := "You keep the version you began. You can still move later, from What changed."
	if move {
		said = "You go on with the new version. What you had done stays done; checks that have changed ask again."
	}
	return s.seeOther(c, "/learn/"+course, said)
}
