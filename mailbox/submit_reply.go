package mailbox

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// longestText is what is kept of an answer, in bytes.
const longestText = 1000

// reply is an answer of the server (RFC 5321 §4.2). Its lines are without code.
type reply struct {
	code  int
	lines []string
}

// refusal is an answer other than the one that was wanted.
type refusal struct {
	code           int
	enhanced, text string
}

func (r *refusal) Error() string {
	return strings.Join(strings.Fields(fmt.Sprintf("%d %s %s", r.code, r.enhanced, r.text)), " ")
}

// ask says a line and reads the answer, as answer does.
func (d *dialogue) ask(want int, format string, args ...any) (reply, error) {
	if err := d.inStep(); err != nil {
		return reply{}, err
	}
	if err := d.text.PrintfLine(format, args...); err != nil {
		return reply{}, err
	}
	return d.answer(want)
}

// inStep fails when the server has already said more than it was asked: what it
// says next would be taken for the answer to something else.
func (d *dialogue) inStep() error {
	if d.text.R.Buffered() > 0 {
		return errors.New("the server answered before it was asked")
	}
	return nil
}

// answer reads a reply. One that has not the code that is wanted, or the first
// digit where only that is given, is a *refusal.
func (d *dialogue) answer(want int) (reply, error) {
	d.wire.arm(smallAnswer)
	r, more := reply{}, true
	for more {
		line, err := d.text.R.ReadString('\n') // a line that breaks off is no answer
		if err != nil {
			return reply{}, err
		}
		line = strings.TrimRight(line, "\r\n")
		code, text, ok := replyLine(line)
		if !ok || r.code != 0 && code != r.code {
			return reply{}, fmt.Errorf("the server's answer is none: %q", d.clean(line))
		}
		r.code, r.lines = code, append(r.lines, text)
		more = strings.HasPrefix(line[3:], "-")
	}
	if r.code != want && r.code/100 != want {
		return r, d.refusal(r)
	}
	return r, nil
}

var codeLine = regexp.MustCompile(`^([2-5][0-9]{2})(?:[ -](.*))?$`)

func replyLine(line string) (code int, text string, ok bool) {
	found := codeLine.FindStringSubmatch(line)
	if found == nil {
		return 0, "", false
	}
	code, err := strconv.Atoi(found[1])
	return code, found[2], err == nil
}

var enhancedCode = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}(?: |$)`)

// refusal parts the enhanced code, which stands on each line (RFC 2034 §4), from the text.
func (d *dialogue) refusal(r reply) *refusal {
	code := enhancedCode.FindString(r.lines[0])
	var text []string
	for _, line := range r.lines {
		text = append(text, strings.TrimPrefix(line, code))
	}
	return &refusal{r.code, strings.TrimSpace(code), d.clean(strings.Join(text, " "))}
}

// clean makes a text of the server fit to be kept: one line of valid UTF-8, not
// too long, without the password, which some servers repeat.
func (d *dialogue) clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(d.hide.Replace(s), "\uFFFD"))
	if len(s) > longestText {
		s = strings.ToValidUTF8(s[:longestText], "") + " …"
	}
	return strings.TrimSpace(s)
}
