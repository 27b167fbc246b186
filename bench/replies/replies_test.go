// Package replies measures the whole way of a PEC of ours: from the button that
// sends it off through the archive, the outbox and the provider's SMTP server to
// the receipts that come back by IMAP and close its case.
//
//   - The provider is the simulator, in a process of its own: the CPU that is
//     reported is ours alone, without it and without PostgreSQL's.
//   - What it is set against is measured in the same run: the bare submission of
//     the same bytes for sending, the intake of PECs for receipts.
//   - Databases are as durable as in service.
package replies

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/smista/smista/store/storetest"
)

const (
	letters  = 160 // for each figure of sending
	circular = 100 // letters to all recipients
	everyone = 50  // recipients

	receipts = circular * (1 + everyone)
	ordinary = receipts / 5 // PECs received for comparison; fewer, to save time
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(asProvider); dir != "" {
		if err := provide(dir); err != nil {
			fmt.Fprintln(os.Stderr, "provider:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// each runs a benchmark on both databases, with as many mailboxes that send as are said.
func each(b *testing.B, boxes []int, run func(b *testing.B, o *office)) {
	for _, boxes := range boxes {
		b.Run(fmt.Sprintf("sqlite/%d-mailboxes", boxes), func(b *testing.B) {
			for b.Loop() {
				run(b, newOffice(b, storetest.SQLiteURL(b), boxes))
			}
		})
		b.Run(fmt.Sprintf("postgres/%d-mailboxes", boxes), func(b *testing.B) {
			server := storetest.PrivateServer(b, "fsync=on", "full_page_writes=on")
			for b.Loop() {
				url, err := server.NewDatabase(b.Context())
				require.NoError(b, err)
				run(b, newOffice(b, url, boxes))
			}
		})
	}
}

// BenchmarkReplies sends letters to one recipient each, and waits until each was
// delivered and its case is closed. The floor is the same bytes handed to the same
// server by mailbox.Outbound alone, from as many mailboxes at once.
func BenchmarkReplies(b *testing.B) {
	each(b, []int{1, 8}, func(b *testing.B, o *office) {
		drafts := o.write(letters, 1)
		collecting, sending := o.collect(o.boxes), o.send()
		begun, spent := time.Now(), cpu(b)
		o.press(drafts)
		o.delivered(letters)
		o.closed(letters)
		took, used := time.Since(begun), cpu(b)-spent
		collecting()
		sending()

		raw := o.frozen(drafts)
		begun, spent = time.Now(), cpu(b)
		o.submit(raw)
		floor, floorUsed := time.Since(begun), cpu(b)-spent
		b.ReportMetric(letters/took.Seconds(), "replies/s")
		b.ReportMetric(letters/floor.Seconds(), "bare-submissions/s")
		b.ReportMetric(took.Seconds()/floor.Seconds(), "times-bare")
		b.ReportMetric(used.Seconds()*1000/letters, "cpu-ms/reply")
		b.ReportMetric(floorUsed.Seconds()*1000/letters, "cpu-ms/bare")
		b.ReportMetric(0, "ns/op")
	})
}

// BenchmarkReceipts takes in the receipts of a circular that have all come at
// once: an acceptance for each letter, and a delivery for each of its recipients.
// It is set against PECs that are received, in the same program.
func BenchmarkReceipts(b *testing.B) {
	each(b, []int{8}, func(b *testing.B, o *office) {
		drafts := o.write(circular, everyone)
		sending := o.send()
		o.press(drafts)
		o.sent(circular)
		sending()
		o.settle()

		begun, spent := time.Now(), cpu(b)
		collecting := o.collect(o.boxes)
		o.delivered(circular * everyone)
		o.closed(circular)
		took, used := time.Since(begun), cpu(b)-spent
		collecting()

		o.receive(ordinary)
		had := o.messages()
		begun, spent = time.Now(), cpu(b)
		collecting = o.collect(o.received)
		o.arrived(had + ordinary)
		intake, intakeUsed := time.Since(begun), cpu(b)-spent
		collecting()
		b.ReportMetric(took.Seconds(), "s-until-right")
		b.ReportMetric(receipts/took.Seconds(), "receipts/s")
		b.ReportMetric(ordinary/intake.Seconds(), "PECs/s")
		b.ReportMetric(took.Seconds()/receipts/(intake.Seconds()/ordinary), "times-PEC")
		b.ReportMetric(used.Seconds()*1000/receipts, "cpu-ms/receipt")
		b.ReportMetric(intakeUsed.Seconds()*1000/ordinary, "cpu-ms/PEC")
		b.ReportMetric(0, "ns/op")
	})
}

// press sends drafts off, a person for each mailbox.
func (o *office) press(drafts []draft) {
	var people errgroup.Group
	for box := range o.boxes {
		people.Go(func() error {
			for i := box; i < len(drafts); i += len(o.boxes) {
				if err := o.replies.Send(o.who, drafts[i].on(), false); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(o.b, people.Wait())
}
