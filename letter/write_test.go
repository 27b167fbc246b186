package letter_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/smista/smista/letter"
)

func letters(t testing.TB) map[string]letter.Letter {
	t.Helper()
	attached, shown := simple(t), simple(t)
	attached.Files = []letter.File{file("atto.pdf", "application/pdf", "%PDF-1.7\n")}
	shown.HTML = `<p>Ecco: <img src="cid:a1"></p>`
	shown.Files = []letter.File{picture("a1", "a.png", "\x89PNG")}
	return map[string]letter.Letter{"simple": simple(t), "full": full(t), "attached": attached, "picture": shown}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, l := range letters(t) {
		got := write(t, l)
		golden := filepath.Join("testdata", name+".eml")
		if *update {
			require.NoError(t, os.WriteFile(golden, got, 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(string(want), string(got)))
		require.Equal(t, got, write(t, l), "the same letter, the same bytes")
	}
}

// The tree is as small as the letter allows, and a picture that the text does
// not show is attached where it can be seen.
func TestTree(t *testing.T) {
	t.Parallel()
	unseen := simple(t)
	unseen.Files = []letter.File{picture("a1", "a.png", "\x89PNG")}
	all := letters(t)
	all["unseen"] = unseen
	for name, want := range map[string][]string{
		"simple":   {"alternative/ text/plain", "alternative/ text/html"},
		"attached": {"mixed/alternative/ text/plain", "mixed/alternative/ text/html", "mixed/ application/pdf attachment atto.pdf"},
		"picture":  {"alternative/ text/plain", "alternative/related/ text/html", "alternative/related/ image/png inline a.png <a1>"},
		"unseen":   {"mixed/alternative/ text/plain", "mixed/alternative/ text/html", "mixed/ image/png attachment a.png"},
		"full": {
			"mixed/alternative/ text/plain", "mixed/alternative/related/ text/html",
			"mixed/alternative/related/ image/png inline stemma.png <logo@smista>",
			"mixed/ application/pdf attachment perché città 🏛.pdf", "mixed/ application/octet-stream attachment originale.eml",
		},
	} {
		_, found := parts(t, write(t, all[name]))
		var got []string
		for _, l := range found {
			got = append(got, strings.Join(strings.Fields(strings.Join([]string{l.path, l.kind, l.disposition, l.name, l.id}, " ")), " "))
		}
		require.Equal(t, want, got, name)
	}
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	for asked, want := range map[letter.Receipt]string{"": "completa", letter.Complete: "completa", letter.Brief: "breve", letter.Synthetic: "sintetica"} {
		l := simple(t)
		l.Receipt = asked
		require.Contains(t, string(write(t, l)), "\r\nX-TipoRicevuta: "+want+"\r\n")
	}
}

func TestSubjectsArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, subject := range []string{
		"", ":", " ", "  a  b ", "a", "perché", "=?utf-8?q?x?=", "a =? b", strings.Repeat("x", 900), strings.Repeat("è ", 300), "🏛️", "a: b", "\u202ea",
	} {
		l := simple(t)
		l.Subject = subject
		raw := write(t, l)
		lawful(t, raw)
		m, _ := parts(t, raw)
		got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		require.NoError(t, err)
		require.Equal(t, subject, got)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"atto.pdf":                         "atto.pdf",
		"../../etc/passwd":                 "passwd",
		`C:\temp\x.doc`:                    "x.doc",
		"a\r\nBcc: x@y.example\r\n.pdf":    "a Bcc_ x@y.example .pdf",
		"fattura\u202efdp.exe":             "fatturafdp.exe",
		`a"; filename="b.exe`:              "a_; filename=_b.exe",
		"a;b=c%20'*.pdf":                   "a;b=c%20'_.pdf",
		"":                                 "allegato-1",
		"...":                              "allegato-1",
		"=?utf-8?q?x?=.pdf":                "=_utf-8_q_x_=.pdf",
		"文書.pdf":                           "文書.pdf",
		strings.Repeat("è", 5000) + ".pdf": strings.Repeat("è", 98) + ".pdf",
		strings.Repeat("a", 10000):         strings.Repeat("a", 200),
	} {
		l := simple(t)
		l.Files = []letter.File{file(given, "application/pdf", "x")}
		raw := write(t, l)
		_, found := parts(t, raw)
		require.Equal(t, want, found[2].name)
		e, err := message.Read(bytes.NewReader(raw))
		require.NoError(t, err)
		r := e.MultipartReader()
		_, err = r.NextPart()
		require.NoError(t, err)
		p, err := r.NextPart()
		require.NoError(t, err)
		name, err := (&gomail.AttachmentHeader{Header: p.Header}).Filename()
		require.NoError(t, err)
		require.Equal(t, want, name)
		for _, field := range []string{"Content-Type", "Content-Disposition"} { // what old programs show
			require.Regexp(t, `(^|[; ])(file)?name="[^"\\]+"$`, p.Header.Get(field))
		}
	}
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"application/pdf":                "application/pdf",
		"Text/HTML; charset=latin-1":     "text/html",
		"":                               "application/octet-stream",
		"pdf":                            "application/octet-stream",
		"message/rfc822":                 "application/octet-stream",
		"multipart/mixed; boundary=x":    "application/octet-stream",
		"a/b\r\nX: y":                    "application/octet-stream",
		"a/" + strings.Repeat("b", 1000): "application/octet-stream",
	} {
		l := simple(t)
		l.Files = []letter.File{file("x", given, "x")}
		_, found := parts(t, write(t, l))
		require.Equal(t, want, found[2].kind, given)
	}
}

func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z àèìòù€🏛️"\\=?<>@,;:._-]{0,300}`),
		rapid.StringN(0, 3000, 10240), rapid.SampledFrom([]string{"=?utf-8?q?x?=", " a  b ", "\u202eabc", strings.Repeat("x", 700), "\xff\xfe", "a\r\nBcc: x@y.example"}))
}

// anyLetter may be sent, whatever is in it.
func anyLetter(t *rapid.T) letter.Letter {
	line := func(s string) string {
		s = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) {
				return -1
			}
			return r
		}, strings.ToValidUTF8(s, ""))
		for len(s) > 900 {
			_, size := utf8.DecodeLastRuneInString(s)
			s = s[:len(s)-size]
		}
		return s
	}
	address := rapid.Custom(func(t *rapid.T) letter.Address {
		return letter.Address{Name: anyText().Draw(t, "name"), Address: rapid.StringMatching(`[a-z0-9+=_-]{1,30}(\.[a-z]{1,8})?@[a-z0-9]{1,30}\.example`).Draw(t, "address")}
	})
	same := func(a letter.Address) string { return a.Address }
	all := rapid.SliceOfNDistinct(address, 1, 12, same).Draw(t, "recipients")
	to := rapid.IntRange(1, len(all)).Draw(t, "to")
	l := letter.Letter{
		MessageID:  rapid.StringMatching(`<[a-zA-Z0-9.+$_-]{1,80}@[a-z.]{1,40}>`).Draw(t, "id"),
		Date:       fixedDate(),
		From:       address.Draw(t, "from"),
		To:         all[:to],
		Cc:         all[to:],
		Subject:    line(anyText().Draw(t, "subject")),
		HTML:       rapid.OneOf(anyText(), rapid.SampledFrom(hostile())).Draw(t, "html"),
		References: rapid.SliceOfN(rapid.StringMatching(`<[a-z0-9.]{1,90}@[a-z.]{1,40}>`), 0, 80).Draw(t, "references"),
	}
	l.HTML = strings.ReplaceAll(l.HTML, "cid:", "")
	for i := range rapid.IntRange(0, 3).Draw(t, "files") {
		content := rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(t, "content")
		f := file(anyText().Draw(t, "file"), "application/x-test", string(content))
		if rapid.Bool().Draw(t, "shown") {
			f.ContentID = string(rune('a'+i)) + "1@x"
			l.HTML += `<p><img src="cid:` + f.ContentID + `"></p>`
		}
		l.Files = append(l.Files, f)
	}
	return l
}

// Whatever a letter holds, two readers of other people find the same in it, and it
// is as long as it said.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := anyLetter(t)
		if l.Check() != nil { // pictures inside of what is left out
			t.Skip() // of rapid: another letter is drawn in its place
		}
		raw := write(t, l)
		size, err := l.Size()
		require.NoError(t, err)
		require.EqualValues(t, len(raw), size)
		lawful(t, raw)

		m, found := parts(t, raw)
		agree(t, l, m.Header.AddressList)
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		require.NoError(t, err)
		require.Equal(t, strings.TrimSpace(l.Subject), strings.TrimSpace(subject))
		require.Contains(t, strings.ReplaceAll(found[1].content, "\r\n", "\n"), letter.Clean(l.HTML))
		require.Equal(t, letter.Text(l.HTML), strings.TrimRight(strings.ReplaceAll(found[0].content, "\r\n", "\n"), " \n"))
		require.ElementsMatch(t, contents(t, l.Files), contentsOf(found[2:]))

		read, err := gomail.CreateReader(bytes.NewReader(raw))
		require.NoError(t, err)
		agree(t, l, func(key string) ([]*mail.Address, error) { return read.Header.AddressList(key) })
		subject, err = read.Header.Subject()
		require.NoError(t, err)
		require.Equal(t, strings.TrimSpace(l.Subject), strings.TrimSpace(subject))
		references, err := read.Header.MsgIDList("References")
		require.NoError(t, err)
		require.Len(t, references, min(50, len(l.References)))
		require.Empty(t, m.Header["Bcc"])
	})
}

func agree(t require.TestingT, l letter.Letter, read func(string) ([]*mail.Address, error)) {
	for key, want := range map[string][]letter.Address{"From": {l.From}, "To": l.To, "Cc": l.Cc} {
		got, err := read(key)
		if len(want) == 0 {
			require.Empty(t, got)
			continue
		}
		require.NoError(t, err)
		require.Len(t, got, len(want))
		for i, a := range got {
			require.Equal(t, want[i].Address, a.Address)
			require.True(t, strings.HasPrefix(visible(want[i].Name), a.Name), "%q: %q", want[i].Name, a.Name)
			require.False(t, strings.ContainsFunc(a.Name, unicode.IsControl))
			require.NotContains(t, a.Name, "\u202e")
			if len(visible(want[i].Name)) <= 200 {
				require.Equal(t, visible(want[i].Name), a.Name)
			}
		}
	}
}

// visible is what is left of a name.
func visible(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == utf8.RuneError {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	return strings.Join(strings.Fields(name), " ")
}

func contents(t require.TestingT, files []letter.File) (all []string) {
	for _, f := range files {
		r, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		all = append(all, string(content))
	}
	return all
}

func contentsOf(found []leaf) (all []string) {
	for _, l := range found {
		all = append(all, l.content)
	}
	return all
}

// lawful is what RFC 5322 §2.1.1, RFC 2045 §6.7 and RFC 2047 §2 want of lines.
func lawful(t require.TestingT, raw []byte) {
	require.True(t, bytes.HasSuffix(raw, []byte("--\r\n")))
	inHeader, encoded := true, regexp.MustCompile(`=\?utf-8\?b\?[A-Za-z0-9+/=]+\?=`)
	for line := range strings.SplitSeq(strings.TrimSuffix(string(raw), "\r\n"), "\r\n") {
		require.NotContains(t, line, "\n")
		require.NotContains(t, line, "\r")
		require.False(t, strings.ContainsFunc(line, func(r rune) bool { return r > '~' || r < ' ' && r != '\t' }), "%q", line)
		switch {
		case strings.HasPrefix(line, "--=_"):
			inHeader = true
		case line == "":
			inHeader = false
		case !inHeader:
			require.LessOrEqual(t, len(line), 76)
		case encoded.MatchString(line):
			require.LessOrEqual(t, len(line), 76, "%q", line)
		}
		require.LessOrEqual(t, len(line), 998)
		require.True(t, line == "" || strings.TrimSpace(line) != "", "a line of blanks ends a header for some")
	}
}

func TestInjection(t *testing.T) {
	t.Parallel()
	const evil = "x\r\nBcc: evil@evil.example\r\n\r\nbody"
	for name, change := range map[string]func(*letter.Letter){
		"subject":     func(l *letter.Letter) { l.Subject = evil },
		"bare LF":     func(l *letter.Letter) { l.Subject = "a\nBcc: evil@evil.example" },
		"NUL":         func(l *letter.Letter) { l.Subject = "a\x00b" },
		"separator":   func(l *letter.Letter) { l.Subject = "a\u2028b" },
		"8-bit":       func(l *letter.Letter) { l.Subject = "\xe0" },
		"message id":  func(l *letter.Letter) { l.MessageID = "<a@b>\r\nBcc: <evil@evil.example>" },
		"sender":      func(l *letter.Letter) { l.From.Address = "a@b.example\r\nBcc: evil@evil.example" },
		"to":          func(l *letter.Letter) { l.To[0].Address = "a@b.example>, <evil@evil.example" },
		"two in one":  func(l *letter.Letter) { l.To[0].Address = "a@b.example,evil@evil.example" },
		"end of line": func(l *letter.Letter) { l.To[0].Address = "a@b.example\n" },
		"receipt":     func(l *letter.Letter) { l.Receipt = "breve\r\nBcc: evil@evil.example" },
		"content id":  func(l *letter.Letter) { l.Files = []letter.File{picture("a>\r\nX: y", "a", "")} },
	} {
		l := simple(t)
		change(&l)
		var out bytes.Buffer
		var problems letter.Problems
		require.ErrorAs(t, l.Write(&out), &problems, name)
		require.Zero(t, out.Len(), name)
		require.Equal(t, letter.Malformed, problems[0].Fault, name)
		require.NotContains(t, problems.Error(), "\n", name)
	}
	for name, change := range map[string]func(*letter.Letter){
		"name":     func(l *letter.Letter) { l.To[0].Name = evil },
		"quote":    func(l *letter.Letter) { l.To[0].Name = `x" <evil@evil.example>, "y` },
		"in reply": func(l *letter.Letter) { l.InReplyTo = "<a@b>\r\nBcc: evil@evil.example" },
		"references": func(l *letter.Letter) {
			l.References = []string{"<a b@c>", "a@b", "<è@b>", "<a@b>\n", "<" + strings.Repeat("a", 1000) + ">"}
		},
		"file": func(l *letter.Letter) { l.Files = []letter.File{file(evil, evil, "")} },
		"text": func(l *letter.Letter) { l.HTML = "\r\n.\r\n--=_alternative_\r\n" + evil },
	} {
		l := simple(t)
		change(&l)
		raw := write(t, l)
		lawful(t, raw)
		m, _ := parts(t, raw)
		require.Empty(t, m.Header.Get("Bcc"), name)
		require.Empty(t, m.Header.Get("In-Reply-To"), name)
		require.Empty(t, m.Header.Get("References"), name)
		to, err := m.Header.AddressList("To")
		require.NoError(t, err)
		require.Len(t, to, 1, name)
		require.Equal(t, "mario.rossi@pec.example", to[0].Address, name)
	}
}

func TestReferencesKeepTheFirstAndTheLast(t *testing.T) {
	t.Parallel()
	l := simple(t)
	for i := range 200 {
		l.References = append(l.References, "<"+strings.Repeat("x", i)+"1@a.example>")
	}
	m, _ := parts(t, write(t, l))
	got := strings.Fields(m.Header.Get("References"))
	require.Len(t, got, 50)
	require.Equal(t, l.References[0], got[0])
	require.Equal(t, l.References[151:], got[1:])
}

func TestSizeOfFiles(t *testing.T) {
	t.Parallel()
	for n := range 400 { // around each end of a line
		l := simple(t)
		l.Files = []letter.File{file("x", "", strings.Repeat("x", n))}
		size, err := l.Size()
		require.NoError(t, err)
		require.EqualValues(t, len(write(t, l)), size, "%d bytes", n)
	}
}

func TestFilesThatFail(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is on fire")
	with := func(change func(*letter.File)) error {
		l := simple(t)
		f := file("a.pdf", "", "12345")
		change(&f)
		l.Files = []letter.File{f, file("b.pdf", "", "x")}
		var out bytes.Buffer
		err := l.Write(&out)
		require.False(t, bytes.HasSuffix(out.Bytes(), []byte("--\r\n")), "what failed does not look complete")
		return err
	}
	require.ErrorIs(t, with(func(f *letter.File) { f.Size = 4 }), letter.ErrFileSize)
	require.ErrorIs(t, with(func(f *letter.File) { f.Size = 6 }), letter.ErrFileSize)
	require.ErrorIs(t, with(func(f *letter.File) { f.Open = func() (io.ReadCloser, error) { return nil, broken } }), broken)
	err := with(func(f *letter.File) {
		f.Open = func() (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(broken)), nil }
	})
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, `"a.pdf"`)
}

// zeros is a file of any size that is never held.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// watcher looks now and then at what is held in memory.
type watcher struct {
	written, most uint64
}

func (w *watcher) Write(p []byte) (int, error) {
	const often = 8 << 20
	if w.written%often+uint64(len(p)) >= often {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		w.most = max(w.most, m.HeapAlloc)
	}
	w.written += uint64(len(p))
	return len(p), nil
}

// A letter of 100 MB holds no more memory than one of 10 MB.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	held := func(size int64) uint64 {
		l := simple(t)
		l.Files = []letter.File{{Name: "grande.bin", Size: size, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.LimitReader(zeros{}, size)), nil
		}}}
		var w watcher
		require.NoError(t, l.Write(&w))
		total, err := l.Size()
		require.NoError(t, err)
		require.EqualValues(t, total, w.written)
		return w.most
	}
	small, big := held(10<<20), held(100<<20)
	require.NotZero(t, small)
	require.Less(t, big, small+1<<20)
}
