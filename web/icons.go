package web

import "html/template"

// icons are 24-unit strokes; each stands beside a word.
var icons = map[string]string{
	"back":     `<path d="M19 12H5m5.5-5.5L5 12l5.5 5.5"/>`,
	"bookmark": `<path d="M7 4h10v16l-5-4-5 4z"/>`,
	"note":     `<path d="M5 4h14v10l-5 5H5zM14 19v-5h5"/>`,
	"check":    `<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
	"circle":   `<circle cx="12" cy="12" r="8.5"/>`,
	"clock":    `<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.3l3.5 2"/>`,
	"close":    `<path d="m6.5 6.5 11 11m0-11-11 11"/>`,
	"coaching": `<path d="M4 5h11v8H9l-3 3v-3H4zM17 9h3v8h-2v3l-3-3h-4v-1.5"/>`,
	"copy":     `<rect x="4" y="7.5" width="12.5" height="12" rx="1.5"/><path d="M8 4.5h10.5c.8 0 1.5.7 1.5 1.5v10"/>`,
	"document": `<path d="M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6.5M9 16h6.5"/>`,
	"done":     `<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.8L16 9.6"/>`,
	"down":     `<path d="m6 9.5 6 6 6-6"/>`,
	"download": `<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14"/>`,
	"eye":      `<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.7"/>`,
	"flag":     `<path d="M6 21V4h12l-2.5 4.5L18 13H6"/>`,
	"half":     `<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 1 0 17z" fill="currentColor"/>`,
	"help":     `<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.45-1.2 1-1.2 1.9M12 16.8v.1"/>`,
	"info":     `<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.7v.1"/>`,
	"key":      `<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8.5-8.5M16 7.5l3 3"/>`,
	"learn":    `<path d="M12 6.5C10 5 7 4.5 3.5 4.5v14c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2v-14c-3.5 0-6.5.5-8.5 2zm0 0v14"/>`,
	"lock":     `<rect x="5" y="10.5" width="14" height="9.5" rx="1.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>`,
	"more":     `<path d="M5.5 12h.1M12 12h.1M18.5 12h.1" stroke-width="3"/>`,
	"next":     `<path d="M5 12h14m-5.5-5.5L19 12l-5.5 5.5"/>`,
	"ok":       `<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.8L16 9.6"/>`,
	"pause":    `<path d="M8 5v14M16 5v14" stroke-width="3.5"/>`,
	"play":     `<path d="M8 5v14l11-7z" fill="currentColor"/>`,
	"plus":     `<path d="M12 5v14M5 12h14"/>`,
	"practice": `<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>`,
	"print":    `<path d="M7 9V4h10v5M7 16H4V9h16v7h-3M7 13.5h10V20H7z"/>`,
	"quiz":     `<path d="M5 5.5h5v5H5zM5 14h5v5H5zM13.5 7h6M13.5 9.5h4M13.5 15.5h6M13.5 18h4"/>`,
	"quote":    `<path d="M5 17c3-1 4-3 4-6H5V6h5M14 17c3-1 4-3 4-6h-4V6h5"/>`,
	"search":   `<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5.5 5.5"/>`,
	"skills":   `<path d="M5 20v-6M12 20V9M19 20V4"/>`,
	"studio":   `<path d="M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4"/>`,
	"team":     `<path d="M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"/>`,
	"today":    `<path d="M4 9.5 12 4l8 5.5V20h-5.5v-6h-5v6H4z"/>`,
	"undo":     `<path d="M8.5 5 4.5 9l4 4M5 9h9a5 5 0 0 1 0 10H9"/>`,
	"up":       `<path d="m6 14.5 6-6 6 6"/>`,
	"upload":   `<path d="M12 15.5V4.5M7.5 9 12 4.5 16.5 9M5 19.5h14"/>`,
	"warn":     `<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.3v.1"/>`,
}

// icon returns an icon as inline SVG, hidden from screen readers: the word beside it speaks.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">` + icons[name] + `</svg>`)
}
