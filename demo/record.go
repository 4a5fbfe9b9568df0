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
