package demo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"pitchside/assessments"
	"pitchside/content/beats"
	"pitchside/internal/webm"
)

// record is a call that a member recorded and handed in, with its transcript.
// The sound is made here, and silent: nobody's voice is in the demo.
func (c *Company) record(ctx context.Context, m member, script *beats.Script, at time.Time) error {
	r := dice(m.name, "record "+at.Format(time.DateTime))
	rep := c.as(m.name)
	c.at(at)
	a, err := c.Assessments.StartAttempt(ctx, rep, rep.ID, calder, assessments.FormRecording)
	if err != nil {
		return err
	}
	game, err := play(script, fmt.Sprint(a.ID), c.level(m, "question", at), r)
	if err != nil {
		return err
	}
	said := turns(game, r)
	if _, err := c.Assessments.SaveTranscript(ctx, rep, a.ID, said, nil); err != nil {
		return err
	}
	length := time.Duration(*said[len(said)-1].EndMS)*time.Millisecond + time.Second
	for i, long := range []time.Duration{length / 4, length} { // the first take was broken off
		ms := int(long.Milliseconds())
		if _, err := c.Assessments.WriteMedia(ctx, rep, a.ID, assessments.MediaPart{Take: i + 1, Type: "audio/webm", Final: true, DurationMS: &ms},
			bytes.NewReader(webm.Silence(long))); err != nil {
			return err
		}
	}
	c.at(at.Add(20 * time.Minute))
	return c.Assessments.Submit(ctx, rep, a.ID)
}

// call is a live role-play between two members: the buyer ticks what comes up,
// and a coach scores what they read.
func (c *Company) call(ctx context.Context, m member, partner string, script *beats.Script, at time.Time) error {
	r := dice(m.name, "call "+at.Format(time.DateTime))
	rep, buyer := c.as(m.name), c.as(partner)
	c.at(at)
	a, err := c.Assessments.StartAttempt(ctx, rep, rep.ID, calder, assessments.FormLive)
	if err != nil {
		return err
	}
	if err := c.Assessments.Invite(ctx, rep, a.ID, buyer.Email); err != nil {
		return err
	}
	game, err := play(script, fmt.Sprint(a.ID), c.level(m, "question", at), r)
	if err != nil {
		return err
	}
	if _, err := c.Assessments.SaveTranscript(ctx, rep, a.ID, turns(game, r), nil); err != nil {
		return err
	}
	begin := at.Add(10 * time.Minute)
	c.at(begin)
	if err := c.Assessments.Join(ctx, buyer, a.ID); err != nil {
		return err
	}
	if err := c.Assessments.StartCall(ctx, buyer, a.ID); err != nil {
		return err
	}
	for i, item := range []string{"objection-1", "fact-1", "fact-4"} {
		c.at(begin.Add(time.Duration(50+130*i+r.IntN(60)) * time.Second))
		if err := c.Assessments.Tick(ctx, buyer, a.ID, item, true); err != nil {
			return err
		}
	}
	c.at(begin.Add(9 * time.Minute))
	if _, err := c.Assessments.SaveNotes(ctx, buyer, a.ID, "I would have told you about June if you had asked what that Friday did to anybody.", nil); err != nil {
		return err
	}
	if err := c.Assessments.EndCall(ctx, rep, a.ID); err != nil {
		return err
	}
	return c.Assessments.Submit(ctx, rep, a.ID)
}
