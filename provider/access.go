package provider

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"

	"github.com/smista/smista/pec/testpki"
)

// IMAPAddr is where the IMAP server listens, host:port.
func (p *Provider) IMAPAddr() string { return p.imap.Addr().String() }

// SMTPAddr is the submission server; without AUTH it takes ordinary mail from outside.
func (p *Provider) SMTPAddr() string { return p.smtp.Addr().String() }

// ControlAddr is the HTTP address of docs/provider.md.
func (p *Provider) ControlAddr() string { return p.control.Addr().String() }

// Hierarchy is what the operators sign under: its root is the anchor to trust.
func (p *Provider) Hierarchy() *testpki.Hierarchy { return p.hierarchy }

// Certificate is the one of the IMAP and SMTP servers; nil without TLS.
func (p *Provider) Certificate() *x509.Certificate { return p.certificate }

// Accounts lists the accounts as configured.
func (p *Provider) Accounts() []Account { return p.config.Accounts }

// Log is what the provider did so far, in order.
func (p *Provider) Log() []Entry { return p.ledger.copy() }

// Settle waits until everything submitted so far was processed. Receipts under
// Delay count too; those that Reorder holds back do not.
func (p *Provider) Settle(ctx context.Context) error { return p.work.wait(ctx) }

// SaveTrust writes the certificates to trust into a folder, as LoadAnchors reads
// them; with TLS also server.pem, in a folder of its own, tls.
func (p *Provider) SaveTrust(dir string) error {
	if err := p.hierarchy.SaveTrust(dir); err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	if p.certificate == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(dir, "tls"), 0o755); err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.certificate.Raw})
	if err := os.WriteFile(filepath.Join(dir, "tls", "server.pem"), text, 0o644); err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	return nil
}
