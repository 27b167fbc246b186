package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/pec/smime"
)

var (
	ufficioTributi = Place{1, "Ufficio Tributi"}
	ufficioLegale  = Place{2, "Avvocatura"}
)

func TestRulesComeBeforeTheTieAndTheTieBeforeTheDesk(t *testing.T) {
	legal := Rule{ID: 7, Name: "atti", Priority: 10, Condition: Condition{Subject: "ricorso"}, Office: ufficioLegale}
	late := Rule{ID: 3, Name: "tutto", Priority: 20, Condition: Condition{Sender: "@x.example"}, Office: ufficioTributi}
	for name, c := range map[string]struct {
		facts Facts
		tie   *Place
		rules []Rule
		want  Decision
	}{
		"rule": {Facts{Subject: "Ricorso al TAR", Verdict: smime.Valid}, &ufficioTributi, []Rule{legal},
			Decision{2, 7, ByRule, "regola «atti»: a Avvocatura"}},
		"lower priority first": {Facts{Subject: "ricorso", Sender: "a@x.example", Verdict: smime.Valid}, nil, []Rule{late, legal},
			Decision{2, 7, ByRule, "regola «atti»: a Avvocatura"}},
		"tie": {Facts{Mailbox: "t@c.example", Verdict: smime.Valid}, &ufficioTributi, []Rule{legal},
			Decision{1, 0, ByTie, "la casella t@c.example è di Ufficio Tributi"}},
		"desk": {Facts{Mailbox: "t@c.example", Verdict: smime.Valid}, nil, []Rule{legal},
			Decision{0, 0, NoRule, "nessuna regola corrisponde: da smistare"}},
		"imported": {Facts{Verdict: smime.Valid}, nil, nil,
			Decision{0, 0, Imported, "importato, nessuna regola corrisponde: da smistare"}},
		"an imitation goes to a person": {Facts{Subject: "ricorso", Verdict: smime.Imitation}, &ufficioTributi, []Rule{legal},
			Decision{0, 0, Untrusted, "si presenta come PEC ma non è firmato"}},
		"what was altered goes to a person": {Facts{Subject: "ricorso", Verdict: smime.Altered}, &ufficioTributi, []Rule{legal},
			Decision{0, 0, Untrusted, "il contenuto non è quello firmato dal gestore"}},
		"ordinary mail is routed, and it says so": {Facts{Subject: "ricorso", Verdict: smime.Unsigned}, nil, []Rule{legal},
			Decision{2, 7, ByRule, "regola «atti»: a Avvocatura; attenzione: posta ordinaria, non certificata"}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, Route(c.facts, c.tie, c.rules)) })
	}
}

func TestConditions(t *testing.T) {
	f := Facts{Mailbox: "Protocollo@Comune.Example", Sender: "Mario.Rossi@Studio.Legale.Example",
		Subject: "Perché la SCIA n. 12/2026?", Text: "Si trasmette\nla fattura   elettronica.",
		Attachments: []File{{"Fattura.XML.p7m", "application/pkcs7-mime"}, {"foto.png ", "image/png"}}}
	for _, c := range []struct {
		condition Condition
		want      bool
	}{
		{Condition{Mailbox: "protocollo@comune.example"}, true},
		{Condition{Mailbox: "altro@comune.example"}, false},
		{Condition{Sender: "mario.rossi@studio.legale.example"}, true},
		{Condition{Sender: "rossi@studio.legale.example"}, false},
		{Condition{Sender: "@studio.legale.example"}, true},
		{Condition{Sender: "@legale.example"}, false},
		{Condition{Sender: "@*.legale.example"}, true},
		{Condition{Sender: "mario.*@*"}, true},
		{Condition{Subject: "perche"}, true},
		{Condition{Subject: "PERCHÉ LA scia"}, true},
		{Condition{Subject: "sci"}, false},
		{Condition{Subject: "sci*"}, true},
		{Condition{Subject: "12/2026"}, true},
		{Condition{Subject: "scia 12"}, false},
		{Condition{Text: "fattura elettronica"}, true},
		{Condition{Text: "elettronica fattura"}, false},
		{Condition{Attachment: ".xml.p7m"}, true},
		{Condition{Attachment: "p7m"}, true},
		{Condition{Attachment: "ml.p7m"}, false},
		{Condition{Attachment: ".PNG"}, true},
		{Condition{Attachment: "image/*"}, true},
		{Condition{Attachment: "video/*"}, false},
		{Condition{Subject: "scia", Text: "nulla"}, false},
		{Condition{Not: &Condition{Subject: "cila"}}, true},
		{Condition{All: []Condition{{Subject: "scia"}, {Text: "fattura"}}}, true},
		{Condition{All: []Condition{{Subject: "scia"}, {Text: "nulla"}}}, false},
		{Condition{Any: []Condition{{Subject: "cila"}, {Text: "fattura"}}}, true},
		{Condition{Any: []Condition{{Subject: "cila"}, {Text: "nulla"}}}, false},
		{Condition{Subject: "scia", Any: []Condition{{Text: "nulla"}}}, false},
	} {
		text, err := json.Marshal(c.condition)
		require.NoError(t, err)
		t.Run(string(text), func(t *testing.T) {
			require.NoError(t, c.condition.Check())
			require.Equal(t, c.want, c.condition.holds(f.fold()))
		})
	}
}

func TestConditionErrorsNameThePlace(t *testing.T) {
	for text, want := range map[string]string{
		``:                            "$: must be an object",
		`[]`:                          "$: must be an object",
		`{}`:                          "$: says nothing",
		`{"subject":""}`:              "$.subject: must be a text",
		`{"subject":3}`:               "$.subject: must be a text",
		`{"subject":"* ."}`:           "$.subject: has no word",
		`{"sender":"x.example"}`:      "$.sender: must be an address",
		`{"subjct":"a"}`:              "$.subjct: there is no such condition",
		`{"any":[]}`:                  "$.any: must be a list",
		`{"any":{"subject":"a"}}`:     "$.any: must be a list",
		`{"any":[{"not":{"all":3}}]}`: "$.any[0].not.all: must be a list",
		`{"any":[{"text":"a"},{}]}`:   "$.any[1]: says nothing",
		`{"text":"a","text":"b"}`:     "$.text: stands twice",
		`{"text":"a"} x`:              "$: is not one whole JSON object",
		`{"text":`:                    "$.text: is not JSON",
		`{"text":"` + strings.Repeat("a", 201) + `"}`:                                  "$.text: is longer",
		strings.Repeat(`{"not":`, 9) + `{"text":"a"}` + strings.Repeat("}", 9):         "more than 8 deep",
		`{"any":[` + strings.Repeat(`{"text":"a"},`, 250) + `{"text":"a"}]}`:           "more than 200 conditions",
		`{"text":"` + strings.Repeat("a", maxConditionBytes) + `"}`:                    "longer than 65536 bytes",
		strings.Repeat(`{"all":[`, 3000) + `{"text":"a"}` + strings.Repeat("]}", 3000): "deep",
	} {
		_, err := ParseCondition([]byte(text))
		require.ErrorContains(t, err, want, "%.60s", text)
		require.Equal(t, Invalid, CodeOf(err))
	}
}

// anyCondition draws a condition that Check accepts.
func anyCondition(depth int) *rapid.Generator[Condition] {
	return rapid.Custom(func(t *rapid.T) Condition {
		c := Condition{
			Mailbox: rapid.SampledFrom([]string{"", "", "a@x.example"}).Draw(t, "mailbox"),
			Sender:  rapid.SampledFrom([]string{"", "", "@y.example", "b@y.example"}).Draw(t, "sender"),
			Subject: rapid.SampledFrom([]string{"", "", "uno", "d*"}).Draw(t, "subject"),
			Text:    rapid.SampledFrom([]string{"", "", "tre"}).Draw(t, "text"),
		}
		if depth > 0 && rapid.Bool().Draw(t, "deeper") {
			inner := anyCondition(depth - 1)
			c.All = rapid.SliceOfN(inner, 0, 2).Draw(t, "all")
			c.Any = rapid.SliceOfN(inner, 0, 2).Draw(t, "any")
			not := inner.Draw(t, "not")
			c.Not = &not
		}
		if c.empty() {
			c.Subject = "uno"
		}
		return c
	})
}

func TestAConditionIsWhatItsJSONSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCondition(3).Draw(t, "condition")
		text, err := json.Marshal(c)
		require.NoError(t, err)
		back, err := ParseCondition(text)
		require.NoError(t, err)
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}

func TestParseConditionNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _ = ParseCondition(rapid.SliceOf(rapid.SampledFrom([]byte(`{}[]":,anysubjecttext not `))).Draw(t, "json"))
	})
}

// TestRouteIsAFunctionThatRespectsPriority: whatever the rules and their order,
// the answer is the same, and it is the first rule that holds.
func TestRouteIsAFunctionThatRespectsPriority(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Facts{
			Mailbox: rapid.SampledFrom([]string{"", "a@x.example"}).Draw(t, "mailbox"),
			Sender:  rapid.SampledFrom([]string{"b@y.example", "c@z.example", ""}).Draw(t, "sender"),
			Subject: rapid.SampledFrom([]string{"uno", "due", "\xff\x00", ""}).Draw(t, "subject"),
			Text:    rapid.SampledFrom([]string{"tre", rapid.String().Draw(t, "text")}).Draw(t, "either"),
			Verdict: rapid.SampledFrom([]smime.Status{smime.Valid, smime.Unsigned, smime.Imitation, smime.Altered, smime.Untrusted}).Draw(t, "verdict"),
		}
		var rules []Rule
		for i, c := range rapid.SliceOfN(anyCondition(2), 0, 6).Draw(t, "conditions") {
			rules = append(rules, Rule{ID: i + 1, Name: fmt.Sprint(i), Priority: rapid.IntRange(1, 3).Draw(t, "priority"), Condition: c, Office: ufficioLegale})
		}
		before := slices.Clone(rules)
		d := Route(f, &ufficioTributi, rules)
		require.Equal(t, before, rules, "arguments are only read")
		require.NotEmpty(t, d.Reason)
		said, ok := ReadReason(d.Reason)
		require.True(t, ok, d.Reason)
		require.Equal(t, d.Why, said.Why)
		switch {
		case f.Verdict == smime.Imitation, f.Verdict == smime.Altered, d.Office != 0 && f.Verdict != smime.Valid:
			require.Equal(t, f.Verdict, said.Doubt)
		default:
			require.Empty(t, said.Doubt)
		}
		switch d.Why {
		case ByRule:
			require.Equal(t, []string{fmt.Sprint(d.Rule - 1), ufficioLegale.Name}, []string{said.By, said.Office})
		case ByTie:
			require.Equal(t, []string{f.Mailbox, ufficioTributi.Name}, []string{said.By, said.Office})
		default:
			require.Equal(t, []string{"", ""}, []string{said.By, said.Office})
		}
		require.Equal(t, d, Route(f, &ufficioTributi, rapid.Permutation(rules).Draw(t, "order")))
		if f.Verdict == smime.Imitation || f.Verdict == smime.Altered {
			require.Zero(t, d.Office)
			return
		}
		want := 0
		for _, r := range InOrder(rules) {
			if r.Condition.holds(f.fold()) {
				want = r.ID
				break
			}
		}
		require.Equal(t, want, d.Rule)
	})
}

func TestAReasonOfSomebodyElseIsNotRead(t *testing.T) {
	for _, text := range []string{"", "prova", "restituita da Ufficio Tributi", "regola «x»", "la casella x"} {
		_, ok := ReadReason(text)
		require.False(t, ok, text)
	}
}

func TestAPatternOfManyStarsIsQuick(t *testing.T) {
	pattern, text := strings.Repeat("*a", 100)+"b", strings.Repeat("a", 500_000)
	require.False(t, like(pattern, text))
	require.True(t, like(strings.Repeat("*a", 100)+"*", text))
}
