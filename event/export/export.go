// Package export writes what the register of movements holds for other
// programs: CSV for a spreadsheet, JSON Lines for everything else.
//
//   - Rows are written as they come; nothing is kept.
//   - No cell is a formula, whoever wrote its text: what a spreadsheet could
//     take for one gets an apostrophe before it, and loses it by [Plain].
package export

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Record is a row of the register, in words. What does not apply is empty.
type Record struct {
	Number     string `json:"number"`
	Time       string `json:"time"` // RFC 3339
	Kind       string `json:"kind"`
	Actor      string `json:"actor"`
	Case       string `json:"case,omitempty"` // its number
	Subject    string `json:"subject,omitempty"`
	Office     string `json:"office,omitempty"`
	FromOffice string `json:"from_office,omitempty"`
	Person     string `json:"person,omitempty"`
	FromPerson string `json:"from_person,omitempty"`
	Mailbox    string `json:"mailbox,omitempty"` // its address
	Message    string `json:"message,omitempty"`
	Reason     string `json:"reason,omitempty"`
	Details    string `json:"details,omitempty"`
}

// cells are in the order of the headers.
func (r Record) cells() []string {
	return []string{
		r.Number, r.Time, r.Kind, r.Actor, r.Case, r.Subject, r.Office, r.FromOffice,
		r.Person, r.FromPerson, r.Mailbox, r.Message, r.Reason, r.Details,
	}
}

func headers(italian bool) []string {
	if italian {
		return []string{
			"Numero", "Data e ora", "Tipo", "Autore", "Pratica", "Oggetto", "Ufficio", "Dall'ufficio",
			"Persona", "Dalla persona", "Casella", "Messaggio", "Motivo", "Dettagli",
		}
	}
	return []string{
		"Number", "Time", "Kind", "Actor", "Case", "Subject", "Office", "From office",
		"Person", "From person", "Mailbox", "Message", "Reason", "Details",
	}
}

// byteOrderMark tells a spreadsheet that the text is UTF-8.
const byteOrderMark = "\uFEFF"

// Table writes rows as an Italian Excel opens them with a double click: UTF-8 that
// says so, semicolons, CRLF.
type Table struct {
	out     io.Writer
	rows    *csv.Writer
	headers []string
	begun   bool
}

// NewTable makes a writer of rows under some headers.
func NewTable(w io.Writer, headers ...string) *Table {
	rows := csv.NewWriter(w)
	rows.Comma, rows.UseCRLF = ';', true
	return &Table{out: w, rows: rows, headers: headers}
}

// Row writes one row, after the headers when it is the first. It may stay in a
// small buffer until Flush.
func (t *Table) Row(cells ...string) error {
	if err := t.begin(); err != nil {
		return err
	}
	safe := make([]string, len(cells))
	for i := range cells {
		safe[i] = Safe(cells[i])
	}
	if err := t.rows.Write(safe); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

// Flush writes what is left; of no rows that are the headers.
func (t *Table) Flush() error {
	if err := t.begin(); err != nil {
		return err
	}
	t.rows.Flush()
	if err := t.rows.Error(); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

func (t *Table) begin() error {
	if t.begun {
		return nil
	}
	t.begun = true
	if _, err := io.WriteString(t.out, byteOrderMark); err != nil {
		return fmt.Errorf("begin a table: %w", err)
	}
	if err := t.rows.Write(t.headers); err != nil {
		return fmt.Errorf("begin a table: %w", err)
	}
	return nil
}

// CSV writes records as a Table.
type CSV struct{ *Table }

// NewCSV makes a writer whose headers are in Italian or in English.
func NewCSV(w io.Writer, italian bool) CSV { return CSV{NewTable(w, headers(italian)...)} }

// Write writes one record.
func (c CSV) Write(r Record) error { return c.Row(r.cells()...) }

// JSONLines writes rows as one JSON object a line.
type JSONLines struct{ out *json.Encoder }

// NewJSONLines makes a writer.
func NewJSONLines(w io.Writer) *JSONLines {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false) // it is no page
	return &JSONLines{out: out}
}

// Write writes one line.
func (j *JSONLines) Write(r Record) error {
	if err := j.out.Encode(r); err != nil {
		return fmt.Errorf("write a line of the register: %w", err)
	}
	return nil
}

// Flush implements the same as CSV's: there is nothing left.
func (*JSONLines) Flush() error { return nil }

// Safe makes a text a cell that no spreadsheet takes for a formula: UTF-8
// without NUL, its lines ended by LF, and an apostrophe before what could be one.
func Safe(text string) string {
	text = Clean(text)
	if formula(text) {
		return "'" + text
	}
	return text
}

// Plain gives back the text of a cell that Safe made, as Clean had it.
func Plain(cell string) string {
	if text, ok := strings.CutPrefix(cell, "'"); ok && formula(text) {
		return text
	}
	return cell
}

// Clean is what a cell can hold of a text.
func Clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	return strings.NewReplacer("\x00", "", "\r\n", "\n", "\r", "\n").Replace(text)
}

// formula tells whether a spreadsheet could compute a cell instead of showing
// it: by its first sign, also after what some of them pass over, as quotes and
// spaces, and in the full-width form that some of them take for the same.
func formula(cell string) bool {
	if bare := strings.TrimLeft(cell, "'"); bare != "" && strings.ContainsRune("\t\r\n", rune(bare[0])) {
		return true
	}
	cell = strings.TrimLeftFunc(cell, passedOver)
	return cell != "" && strings.ContainsRune("=+-@＝＋－＠﹢﹣﹦﹫−", first(cell))
}

func passedOver(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) ||
		unicode.Is(unicode.Zp, r) || strings.ContainsRune("\"'`´‘’“”«»;,|", r)
}

func first(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}
