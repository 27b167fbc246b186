package replies

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/smista/smista/provider"
)

// asProvider makes this test binary the provider; its value is a folder for it.
const asProvider = "SMISTA_BENCH_PROVIDER"

const (
	password   = "prova"
	stranger   = "mittente@pec.impresa.example"
	mostOfOurs = 8 // mailboxes that send, and as many that only receive
)

func sender(n int) string    { return fmt.Sprintf("ufficio%d@pec.ente.example", n) }
func receiver(n int) string  { return fmt.Sprintf("protocollo%d@pec.ente.example", n) }
func recipient(n int) string { return fmt.Sprintf("cittadino%02d@pec.cittadini.example", n) }

// servers are where the provider listens.
type servers struct{ IMAP, SMTP, Control string }

// provide is the provider's process: it ends with its input.
func provide(dir string) error {
	c := provider.Config{
		Operators: []provider.Operator{
			{Name: "Gestore Uno", Domain: "uno.example", Domains: []string{"pec.ente.example", "pec.impresa.example"}},
			{Name: "Gestore Due", Domain: "due.example", Domains: []string{"pec.cittadini.example"}},
		},
		Accounts: []provider.Account{{Address: stranger, Password: password}}, Limit: 1 << 40, DataDir: filepath.Join(dir, "mail"),
	}
	for n := range mostOfOurs {
		c.Accounts = append(c.Accounts, provider.Account{Address: sender(n), Password: password}, provider.Account{Address: receiver(n), Password: password})
	}
	for n := range everyone {
		c.Accounts = append(c.Accounts, provider.Account{Address: recipient(n), Password: password})
	}
	p, err := provider.Start(context.Background(), c)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.SaveTrust(filepath.Join(dir, "trust")); err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(servers{p.IMAPAddr(), p.SMTPAddr(), p.ControlAddr()}); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func startProvider(b *testing.B, dir string) (s servers) {
	child := exec.CommandContext(context.WithoutCancel(b.Context()), os.Args[0])
	child.Env = append(os.Environ(), asProvider+"="+dir)
	child.Stderr = os.Stderr
	leash, err := child.StdinPipe()
	require.NoError(b, err)
	said, err := child.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, child.Start())
	b.Cleanup(func() {
		require.NoError(b, leash.Close())
		require.NoError(b, child.Wait())
	})
	line, err := bufio.NewReader(said).ReadBytes('\n')
	require.NoError(b, err)
	require.NoError(b, json.Unmarshal(line, &s))
	return s
}

// post asks the provider for something, through its control.
func (s servers) post(path string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	answer, err := http.Post("http://"+s.Control+path, "application/json", bytes.NewReader(text))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", answer.Status, said)
	}
	return err
}

// settle waits until the provider has delivered everything, receipts and all.
func (o *office) settle() { require.NoError(o.b, o.servers.post("/settle", struct{}{})) }

// receive lets n different PECs come to the mailboxes that only receive.
func (o *office) receive(n int) {
	var writers errgroup.Group
	writers.SetLimit(4)
	for i := range n {
		writers.Go(func() error {
			return o.servers.post("/send", provider.Mail{From: stranger, To: []string{o.received[i%len(o.received)]}, Subject: fmt.Sprintf("Lettera %d", i),
				Text: fmt.Sprintf("Si trasmette, con il n. %d, quanto segue: %s.", i, words), Receipt: "sintetica"})
		})
	}
	require.NoError(o.b, writers.Wait())
	o.settle()
}

func split(address string) (string, int) {
	host, port, _ := net.SplitHostPort(address)
	n, _ := strconv.Atoi(port)
	return host, n
}
