package web

import (
	"net/http"
	"strconv"

	"pitchside/content"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

// A skillFrameworkPage is every skill with its five levels and its targets.
type skillFrameworkPage struct {
	Base
	Skills *content.Skills
	Roles  []content.RoleFamily
}

func (s *Site) showSkillFramework(c *gin.Context) error {
	p := skillFrameworkPage{Base: s.base(c, "Skill framework")}
	p.Wide = "mid"
	d, err := s.Content.Published(ctx(c), content.KindSkills, string(content.KindSkills))
	if err != nil {
		return err
	}
	p.Skills = d.Skills
	roles, err := s.Content.Published(ctx(c), content.KindRoles, string(content.KindRoles))
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if err == nil && roles.Roles != nil {
		p.Roles = roles.Roles.Families
	}
	return s.show(c, http.StatusOK, "framework/skills", p)
}

// Target is the level that a role is expected to reach, or empty.
func (skillFrameworkPage) Target(f content.RoleFamily, skill string) string {
	if level, ok := f.Targets[skill]; ok {
		return strconv.FormatFloat(level, 'f', -1, 64)
	}
	return ""
}
