package deadline

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/it"
)

// Named is what something is called, in both languages of the people.
type Named struct{ Italian, English string }

type holiday struct {
	*cal.Holiday
	name Named
}

// sanFrancesco is a holiday again since 2026: l. 8 ottobre 2025, n. 151, which
// changes art. 2 of l. 27 maggio 1949, n. 260. The library does not know it.
var sanFrancesco = &cal.Holiday{
	Name:      "San Francesco d'Assisi",
	Type:      cal.ObservancePublic,
	StartYear: 2026,
	Month:     time.October,
	Day:       4,
	Func:      cal.CalcDayOfMonth,
}

// holidays are the days of art. 2 of l. 260/1949 as it stands, and 2 June (l.
// 336/2000). Easter is there for offices that work on Sundays.
var holidays = []holiday{
	{it.Capodanno, Named{"Capodanno", "New Year's Day"}},
	{it.Epifania, Named{"Epifania", "Epiphany"}},
	{aa.Easter, Named{"Pasqua", "Easter Sunday"}},
	{it.Pasquetta, Named{"Lunedì dell'Angelo", "Easter Monday"}},
	{it.FestaDellaLiberazione, Named{"Festa della Liberazione", "Liberation Day"}},
	{it.FestaDelLavoro, Named{"Festa del Lavoro", "Labour Day"}},
	{it.FestaDellaRepubblica, Named{"Festa della Repubblica", "Republic Day"}},
	{it.Assunzione, Named{"Assunzione", "Assumption"}},
	{sanFrancesco, Named{"San Francesco d'Assisi", "Saint Francis of Assisi"}},
	{it.TuttiISanti, Named{"Ognissanti", "All Saints' Day"}},
	{it.Immacolata, Named{"Immacolata Concezione", "Immaculate Conception"}},
	{it.Natale, Named{"Natale", "Christmas Day"}},
	{it.SantoStefano, Named{"Santo Stefano", "Saint Stephen's Day"}},
}

var weekdays = [7]Named{
	{"domenica", "Sunday"},
	{"lunedì", "Monday"},
	{"martedì", "Tuesday"},
	{"mercoledì", "Wednesday"},
	{"giovedì", "Thursday"},
	{"venerdì", "Friday"},
	{"sabato", "Saturday"},
}

func national(d Date) (Named, bool) {
	for _, h := range holidays {
		if h.Month != 0 && h.Month != d.Month {
			continue
		}
		if at, _ := h.Calc(d.Year); !at.IsZero() && dateOf(at.Add(noon)) == d {
			return h.name, true
		}
	}
	return Named{}, false
}

// noon is added to the library's midnights: they are of the machine's zone, and
// where a midnight is skipped by a change of the clock it lies on the day before.
const noon = 12 * time.Hour
