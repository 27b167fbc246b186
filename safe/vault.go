package safe

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"gocloud.dev/gcerrors"
	"gocloud.dev/secrets"
)

const (
	maxVaultAnswer = 64 << 10 // bytes
	maxVaultToken  = 16 << 10 // bytes
	vaultPatience  = 10 * time.Second
)

// transit is a key of the Transit engine of HashiCorp Vault (driver.Keeper): Vault
// seals and opens, and never gives the key away.
type transit struct {
	base   string // https://vault.example:8200/v1/transit
	key    string
	token  func() (string, error) // asked each time: agents renew it
	client *http.Client
}

// openTransit reads vault://HOST:PORT/KEY?mount=transit&token_file=…&ca_file=….
// Without HOST the server is that of VAULT_ADDR, without token_file the token is
// VAULT_TOKEN.
func openTransit(u *url.URL) (*secrets.Keeper, error) {
	q := u.Query()
	for name := range q {
		switch name {
		case "mount", "token_file", "ca_file", "tls":
		default:
			return nil, fmt.Errorf("%s: there is no parameter %s; there are mount, token_file, ca_file and tls", u, name)
		}
	}
	server, err := vaultServer(u)
	if err != nil {
		return nil, err
	}
	key := strings.Trim(u.Path, "/")
	if key == "" || strings.Contains(key, "/") {
		return nil, fmt.Errorf("%s names no key: write vault://HOST:PORT/KEY", u)
	}
	client, err := vaultClient(q.Get("ca_file"))
	if err != nil {
		return nil, err
	}
	mount := strings.Trim(q.Get("mount"), "/")
	if mount == "" {
		mount = "transit"
	}
	return secrets.NewKeeper(&transit{base: server + "/v1/" + mount, key: key, token: tokenFrom(q.Get("token_file")), client: client}), nil
}

// vaultServer is where Vault answers: by TLS, or on this machine.
func vaultServer(u *url.URL) (string, error) {
	server := "https://" + u.Host
	if u.Query().Get("tls") == "none" {
		server = "http://" + u.Host
	}
	if u.Host == "" {
		server = strings.TrimRight(os.Getenv("VAULT_ADDR"), "/")
	}
	at, err := url.Parse(server)
	switch {
	case err != nil || at.Host == "":
		return "", fmt.Errorf("%s names no server: write vault://HOST:PORT/KEY, or set VAULT_ADDR", u)
	case at.Scheme == "https", at.Scheme == "http" && isLoopback(at.Hostname()):
		return server, nil
	}
	return "", fmt.Errorf("%s would send passwords in the clear to %s: use https", u, at.Host)
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func vaultClient(caFile string) (*http.Client, error) {
	protection := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile != "" {
		text, err := os.ReadFile(caFile) //nolint:gosec // the administrator names it
		if err != nil {
			return nil, fmt.Errorf("the certificate of Vault: %w", err)
		}
		protection.RootCAs = x509.NewCertPool()
		if !protection.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s holds no certificate in PEM", caFile)
		}
	}
	return &http.Client{
		Timeout: vaultPatience,
		Transport: &http.Transport{
			TLSClientConfig: protection, Proxy: http.ProxyFromEnvironment,
			MaxIdleConns: 2, IdleConnTimeout: vaultPatience, ForceAttemptHTTP2: true,
		},
		// The token is for this server alone.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// tokenFrom reads a file; without one VAULT_TOKEN.
func tokenFrom(path string) func() (string, error) {
	return func() (string, error) {
		if path == "" {
			token := os.Getenv("VAULT_TOKEN")
			if token == "" {
				return "", errors.New("there is no token: set VAULT_TOKEN, or name a token_file")
			}
			return token, nil
		}
		f, err := os.Open(path) //nolint:gosec // the administrator names it
		if err != nil {
			return "", fmt.Errorf("read the token: %w", err)
		}
		defer f.Close()
		text, err := io.ReadAll(io.LimitReader(f, maxVaultToken))
		if err != nil {
			return "", fmt.Errorf("read the token: %w", err)
		}
		return strings.TrimSpace(string(text)), nil
	}
}

// vaultAnswer is what Vault says, as far as it concerns us.
type vaultAnswer struct {
	Data struct{ Ciphertext, Plaintext string }
}

// Encrypt implements driver.Keeper.
func (v *transit) Encrypt(ctx context.Context, plain []byte) ([]byte, error) {
	answer, err := v.ask(ctx, "encrypt", map[string]string{"plaintext": base64.StdEncoding.EncodeToString(plain)})
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(answer.Data.Ciphertext, "vault:") {
		return nil, &vaultError{Says: "its answer holds nothing sealed"}
	}
	return []byte(answer.Data.Ciphertext), nil
}

// Decrypt implements driver.Keeper.
func (v *transit) Decrypt(ctx context.Context, sealed []byte) ([]byte, error) {
	if !bytes.HasPrefix(sealed, []byte("vault:")) {
		return nil, &vaultError{Status: http.StatusBadRequest, Says: "it was not sealed by Vault"}
	}
	answer, err := v.ask(ctx, "decrypt", map[string]string{"ciphertext": string(sealed)})
	if err != nil {
		return nil, err
	}
	plain, err := base64.StdEncoding.DecodeString(answer.Data.Plaintext)
	if err != nil || len(plain) == 0 {
		return nil, &vaultError{Says: "its answer holds nothing opened"}
	}
	return plain, nil
}

func (v *transit) ask(ctx context.Context, what string, question map[string]string) (answer vaultAnswer, err error) {
	token, err := v.token()
	if err != nil {
		return answer, fmt.Errorf("vault: %w", err)
	}
	body, err := json.Marshal(question)
	if err != nil {
		return answer, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.base+"/"+what+"/"+url.PathEscape(v.key), bytes.NewReader(body))
	if err != nil {
		return answer, err
	}
	r.Header.Set("X-Vault-Token", token)
	r.Header.Set("X-Vault-Request", "true")
	r.Header.Set("Content-Type", "application/json")
	response, err := v.client.Do(r)
	if err != nil {
		return answer, fmt.Errorf("vault: %w", err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxVaultAnswer))
	if err != nil {
		return answer, fmt.Errorf("vault: %w", err)
	}
	broken := json.Unmarshal(text, &answer) != nil
	switch {
	case response.StatusCode != http.StatusOK:
		return answer, &vaultError{Status: response.StatusCode}
	case broken:
		return answer, &vaultError{Says: "its answer cannot be read"}
	}
	return answer, nil
}

// Close implements driver.Keeper.
func (v *transit) Close() error {
	v.client.CloseIdleConnections()
	return nil
}

// ErrorAs implements driver.Keeper.
func (*transit) ErrorAs(err error, target any) bool { return errors.As(err, target) }

// ErrorCode implements driver.Keeper.
func (*transit) ErrorCode(err error) gcerrors.ErrorCode {
	if refused, ok := errors.AsType[*vaultError](err); ok {
		switch refused.Status {
		case http.StatusBadRequest:
			return gcerrors.InvalidArgument
		case http.StatusForbidden:
			return gcerrors.PermissionDenied
		case http.StatusNotFound:
			return gcerrors.NotFound
		}
	}
	return gcerrors.Unknown
}

// vaultError is an answer that helps nobody. What Vault says in words is not
// repeated: whatever stands at its address could repeat what it was sent.
type vaultError struct {
	Status int // zero when it was well
	Says   string
}

func (e *vaultError) Error() string {
	switch {
	case e.Says != "":
		return "vault: " + e.Says
	case e.Status == http.StatusForbidden:
		return "vault: refused (403): the token does not let this program encrypt and decrypt with the key, or has expired"
	case e.Status == http.StatusNotFound:
		return "vault: not found (404): check mount and name of the key"
	case e.Status == http.StatusServiceUnavailable:
		return "vault: it is sealed or down (503)"
	case e.Status >= 300 && e.Status < 400:
		return fmt.Sprintf("vault: it sends us to another server (%d): write the address of that one", e.Status)
	}
	return fmt.Sprintf("vault: it answers %d", e.Status)
}
