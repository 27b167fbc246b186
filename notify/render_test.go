package notify

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

var at = time.Date(2026, 11, 23, 7, 30, 0, 0, time.UTC)

func rome(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/Rome")
	require.NoError(t, err)
	return zone
}

func item(k Kind) Item {
	return Item{
		Kind: k, Case: "2026/000114", Office: "Ufficio Tributi", Actor: "Ada Neri", Term: "WORK", Due: at.Add(50 * time.Hour),
		Text: "serve entro venerdì", Link: "https://smista.comune.example/pratiche/114", At: at,
	}
}

func letter(t testing.TB, language Language, items ...Item) Letter {
	return Letter{
		MessageID: "<1@comune.example>", To: Address{"Bruno Rossi", "bruno@comune.example"}, Language: language, Items: items, Zone: rome(t), Date: at,
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "write it with go test ./notify -update")
	require.Empty(t, cmp.Diff(string(want), got), "%s: if this is meant, go test ./notify -update", path)
}

func whole(t *testing.T, l Letter) string {
	t.Helper()
	r, err := Render(l)
	require.NoError(t, err)
	return "Subject: " + r.Subject + "\n\n" + r.Text + "\n" + r.HTML
}

func TestEveryKindOfLetter(t *testing.T) {
	for _, language := range []Language{Italian, English} {
		for _, k := range Kinds() {
			t.Run(string(language)+"/"+string(k), func(t *testing.T) {
				golden(t, string(language)+"-"+string(k), whole(t, letter(t, language, item(k))))
			})
		}
		t.Run(string(language)+"/digest", func(t *testing.T) {
			var items []Item
			for n, k := range Kinds() {
				it := item(k)
				it.Case, it.At = fmt.Sprintf("2026/%06d", n), at.Add(-time.Duration(n)*time.Minute)
				items = append(items, it)
			}
			items = append(items,
				Item{Kind: Reminder, Case: "2026/000900", Office: "Anagrafe", Term: "ASSIGN", Due: at, At: at},
				Item{Kind: Question, Case: "2026/000901", At: at.Add(-time.Hour)})
			golden(t, string(language)+"-digest", whole(t, letter(t, language, items...)))
		})
	}
}

// Each kind has its own words in each language, and none has a hole in it.
func TestEveryKindHasWords(t *testing.T) {
	for _, w := range []words{italian, english} {
		seen := map[string]bool{}
		for _, k := range Kinds() {
			require.NotEmpty(t, w.titles[k], "%s: %s", w.lang, k)
			title := w.line(item(k), time.UTC).Title
			require.False(t, seen[title], "%s: %s is told as another", w.lang, k)
			seen[title] = true
			require.NotContains(t, title, "%!", "%s: %s", w.lang, k)
		}
	}
	require.Equal(t, "la pratica 1 non esiste", clean("la pratica 1\tnon\r\nesiste", 100))
	l := letter(t, "", Item{Kind: "unheard", Case: "2026/000001", At: at})
	r, err := Render(l)
	require.NoError(t, err)
	require.Equal(t, "Smista: novità sulla pratica 2026/000001 che segui", r.Subject, "what is not known is told in general words, in Italian")
}

func TestALetterTellsSomething(t *testing.T) {
	_, err := Render(letter(t, Italian))
	require.ErrorIs(t, err, ErrEmpty)
}

// A letter stays readable: the urgent things first, and the rest is counted.
func TestADigestOfMany(t *testing.T) {
	items := make([]Item, 0, 2*mostItems)
	for n := range mostItems + 50 {
		items = append(items, Item{Kind: Followed, Case: fmt.Sprintf("F-%03d", n), At: at.Add(time.Duration(n) * time.Second)})
	}
	items = append(items, Item{Kind: Reminder, Case: "R-1", At: at, Due: at.Add(2 * time.Hour)}, Item{Kind: Breached, Case: "B-1", At: at}, Item{Kind: Reminder, Case: "R-0", At: at, Due: at.Add(time.Hour)})
	r, err := Render(letter(t, Italian, items...))
	require.NoError(t, err)
	require.Equal(t, "Smista: 153 avvisi", r.Subject)
	for _, text := range []string{r.Text, r.HTML} {
		require.Contains(t, text, "… e altri 53 avvisi")
		require.Equal(t, 1, strings.Count(text, "Altri avvisi"), "each group has its title once")
		order := []int{strings.Index(text, "B-1"), strings.Index(text, "R-0"), strings.Index(text, "R-1"), strings.Index(text, "F-000"), strings.Index(text, "F-096")}
		require.IsIncreasing(t, order)
		require.Positive(t, order[0])
		require.NotContains(t, text, "F-097")
	}
	require.Less(t, len(r.Text)+len(r.HTML), 200_000)
}

// In whatever order things happened to be read, the letter is the same.
func TestTheOrderOfALetterIsItsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "items")
		items := make([]Item, n)
		for i := range items {
			items[i] = Item{Kind: rapid.SampledFrom(Kinds()).Draw(t, "kind"), Case: fmt.Sprint(i), At: at.Add(time.Duration(i) * time.Minute)}
			if rapid.Bool().Draw(t, "due") {
				items[i].Due = at.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hours")) * time.Hour)
			}
		}
		one, err := Render(Letter{Items: items})
		require.NoError(t, err)
		other, err := Render(Letter{Items: rapid.Permutation(items).Draw(t, "order")})
		require.NoError(t, err)
		require.Equal(t, one, other)
	})
}

// hostile are texts that want to be more than text.
func hostile() []string {
	return []string{
		"Bruno\r\nBcc: tutti@example.org\r\n\r\nCiao", "Bruno\nX-Evil: 1", `Bruno "Bubi" Rossi`, `Rossi\`, `x" <evil@example.org>, "y`, "Bruno <evil@example.org>",
		"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</strong></li></ul><h1>Vinto!", "{{.Footer}}", "%s%d%n",
		"Bruno \u202eissoR\u202c", "\u2066\u200f\u200b\ufeff", "a\x00b\x1b[31m", "\xff\xfe", strings.Repeat("è", 5000), "=?utf-8?q?Bcc:_x?=", "", " ",
		"javascript:alert(1)", "https://evil.example/\" onclick=\"alert(1)", "//evil.example", "data:text/html,<script>",
	}
}

// Whatever stands in a name or a text is written, and does nothing.
func TestHostileTextsDoNothing(t *testing.T) {
	for _, text := range hostile() {
		for _, k := range Kinds() {
			l := letter(t, Italian, Item{Kind: k, Case: text, Office: text, Actor: text, Term: text, Text: text, Link: text, At: at}, item(Assigned))
			l.To.Name = text
			one := letter(t, English, l.Items[0])
			for _, l := range []Letter{l, one} {
				r, err := Render(l)
				require.NoError(t, err, "%q", text)
				require.NotContains(t, r.Subject, "\n")
				for _, s := range []string{r.Subject, r.Text, r.HTML} {
					require.NotRegexp(t, "[\\x00-\\x09\\x0b-\\x1f\\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", s, "%q", text)
				}
				require.NotContains(t, r.Text, "\nBcc:")
				require.NotRegexp(t, `<(script|img|h1)`, r.HTML, "%q", text)
				require.NotRegexp(t, `(?i)<[^>]*\bon[a-z]+=`, r.HTML, "%q", text)
				require.NotRegexp(t, `href="(javascript|data|//)`, r.HTML, "%q", text)
				require.Less(t, len(r.Subject), 4*mostText+100)
				require.Less(t, len(r.Text), 8*mostText)
			}
		}
	}
}

func TestOnlyAWebPageIsALink(t *testing.T) {
	for link, safe := range map[string]bool{
		"https://smista.comune.example/pratiche/1": true, "http://127.0.0.1:8080/": true,
		"": false, "javascript:alert(1)": false, "data:text/html,x": false, "//evil.example": false, "https:": false, "ftp://x.example/": false, "https://x\r\n.example": false,
	} {
		require.Equal(t, safe, safeLink(link) != "", link)
	}
}
