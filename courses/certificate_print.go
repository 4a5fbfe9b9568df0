package courses

import (
	"bytes"
	"context"
	"fmt"
	"image/color"
	"strings"
	"time"
	"unicode"

	"pitchside/people"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/mozillazg/go-unidecode"
	"golang.org/x/image/font/sfnt"
	"rsc.io/qr"
)

// A print is one sheet of A4, in millimetres: what it says, and the ink of each
// part. Ink blue and floodlight yellow are the two ends of the product's ramp.
type print struct {
	*fpdf.Fpdf
}

var (
	inkBlue = color.RGBA{R: 0x0f, G: 0x2c, B: 0x5c}
	flood   = color.RGBA{R: 0xf0, G: 0xb7, B: 0x1b}
	grey    = color.RGBA{R: 0x57, G: 0x5d, B: 0x66}
	black   = color.RGBA{R: 0x1b, G: 0x1f, B: 0x24}
)

const (
	sheetWidth = 297.0 // A4, lying
	sheetLeft  = 38.0
	textWidth  = 190.0
)

// CertificatePDF draws a certificate that the actor sees, on A4. url is where
// this company's pages are, company its name.
func (s *Service) CertificatePDF(ctx context.Context, by people.Actor, id int64, company, url string) ([]byte, error) {
	c, err := s.visible(ctx, s.DB, by, id)
	if err != nil {
		return nil, err
	}
	return c.draw(company, url, c.Today(s.Now()), s.Now())
}

func (c Certificate) draw(company, url string, today, now time.Time) ([]byte, error) {
	p := print{fpdf.New("L", "mm", "A4", "")}
	p.SetCreationDate(now.UTC())
	p.SetModificationDate(now.UTC())
	p.AddUTF8FontFromBytes("sans", "", dejavusans.TTF)
	p.AddUTF8FontFromBytes("sans", "B", dejavusansbold.TTF)
	p.SetTitle("Certificate: "+c.Title, true)
	p.SetAuthor(company, true)
	p.SetLang("en")
	p.SetMargins(sheetLeft, 20, 20)
	p.SetCellMargin(0)
	p.SetAutoPageBreak(false, 0)
	p.AddPage()
	p.touchline()
	name, latin := printable(c.Person)
	p.line(34, 11, "B", grey, "CERTIFICATE")
	p.fit(48, 30, "B", black, name)
	p.line(72, 12, "", grey, "has completed the "+c.Kind)
	p.fit(82, 20, "B", inkBlue, covered(c.Title))
	p.line(104, 11, "", black, "Granted on "+c.GrantedOn.Format("2 January 2006")+", "+c.validWords(today)+".")
	p.line(112, 9, "", grey, c.about())
	if latin {
		p.line(119, 9, "", grey, "The name is written here in Latin letters; in its own it stands at the address below.")
	}
	p.line(150, 11, "B", black, covered(company))
	address := strings.TrimSuffix(url, "/") + "/verify/" + c.Code
	p.line(160, 9, "", grey, "Whether it holds today can be looked up at")
	p.line(166, 10, "B", black, address)
	if err := p.code(address); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err := p.Output(&out)
	return out.Bytes(), err
}

// validWords says until when the certificate is valid, or what ended it.
func (c Certificate) validWords(today time.Time) string {
	switch c.State(today) {
	case CertificateRevoked:
		return "revoked on " + c.EndedOn.Format("2 January 2006")
	case CertificateLapsed, CertificateGrace:
		return "valid until " + c.ValidUntil.Format("2 January 2006") + ", which is over"
	}
	if c.ValidUntil == nil {
		return "valid without an end"
	}
	return "valid until " + c.ValidUntil.Format("2 January 2006")
}

// about says what the certificate speaks of.
func (c Certificate) about() string {
	lessons := 0
	for part := range c.Content {
		if strings.HasPrefix(part, "lesson:") {
			lessons++
		}
	}
	if c.Kind == "program" {
		return fmt.Sprintf("Every item of the program is done, in its version %d.", c.Version)
	}
	text := fmt.Sprintf("Every lesson is done (%d of them)", lessons)
	if _, quiz := c.Content["quiz:"+c.Slug]; quiz {
		text += " and the quiz passed"
	}
	return text + fmt.Sprintf(", in version %d of the course.", c.Version)
}

func (p print) ink(c color.RGBA) { p.SetTextColor(int(c.R), int(c.G), int(c.B)) }

func (p print) fill(c color.RGBA) { p.SetFillColor(int(c.R), int(c.G), int(c.B)) }

// touchline draws the motif along the left side, with the wordmark.
func (p print) touchline() {
	p.fill(inkBlue)
	p.Rect(24, 0, 0.9, 210, "F")
	p.fill(flood)
	p.Circle(24.45, 53, 2.6, "F")
	p.SetFont("sans", "B", 12)
	p.ink(inkBlue)
	p.Text(sheetLeft, 22, "Pitchside")
}

// line writes one line at a height.
func (p print) line(y, size float64, style string, c color.RGBA, text string) {
	p.SetFont("sans", style, size)
	p.ink(c)
	p.Text(sheetLeft, y, text)
}

// fit writes one line in the largest size up to the given one in which it fits;
// what is too long even in a small one goes on below.
func (p print) fit(y, size float64, style string, c color.RGBA, text string) {
	for p.SetFont("sans", style, size); size > 14 && p.GetStringWidth(text) > sheetWidth-sheetLeft-20; size-- {
		p.SetFont("sans", style, size-1)
	}
	p.ink(c)
	p.SetXY(sheetLeft, y)
	p.MultiCell(sheetWidth-sheetLeft-20, size*0.42, text, "", "L", false)
}

// code draws the QR code of an address.
func (p print) code(address string) error {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return err
	}
	const side, left, top = 34.0, 240.0, 152.0
	p.fill(black)
	dot := side / float64(code.Size)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				// A hair wider than a dot, so that no line shows between two.
				p.Rect(left+float64(x)*dot, top+float64(y)*dot, dot+0.02, dot+0.02, "F")
			}
		}
	}
	return nil
}

// printable returns a name as the font can print it: in Latin letters, if it
// has a letter that the font does not have or that must be joined or turned.
func printable(name string) (text string, latin bool) {
	if covered(name) == name {
		return name, false
	}
	text = strings.Join(strings.Fields(unidecode.Unidecode(name)), " ")
	if text == "" {
		text = "The holder of this code"
	}
	return text, true
}

// covered replaces what the font cannot print by a question mark in a box.
func covered(text string) string {
	return strings.Map(func(r rune) rune {
		if r <= 0xFFFF && !unicode.In(r, joined...) && hasGlyph(r) {
			return r
		}
		return '\uFFFD'
	}, text)
}

// joined are scripts whose letters change with their neighbours, or run from
// right to left: drawn letter by letter they would be wrong.
var joined = []*unicode.RangeTable{unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Devanagari, unicode.Lao, unicode.Thai}

var glyphs = func() *sfnt.Font {
	f, err := sfnt.Parse(dejavusansbold.TTF)
	if err != nil {
		panic(err) // it is part of the program
	}
	return f
}()

func hasGlyph(r rune) bool {
	var b sfnt.Buffer
	i, err := glyphs.GlyphIndex(&b, r)
	return err == nil && i != 0
}
