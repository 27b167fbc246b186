package server

import (
	"context"

	"github.com/smista/smista/guard"
	"github.com/smista/smista/push"
	"github.com/smista/smista/safe"
)

// Push tells browsers, by Web Push, that something waits.
type Push struct {
	Contact string `toml:"contact" doc:"Whom push services can turn to about what we send: mailto:ADDRESS or an https:// address, of a public domain. With it, people can be told in their browsers (Web Push); the program then calls https (port 443) at the push services of their browsers, such as those of Google, Mozilla, Apple and Microsoft. They learn that, when and to which browser something was sent, not what. Empty: push is off."`
}

// pushes checks whom push services turn to.
func (l *loading) pushes() {
	if contact := l.config.Push.Contact; contact != "" {
		if err := push.CheckContact(contact); err != nil {
			l.problem("push.contact", "%v; write for instance mailto:sistemi@comune.example.it", err)
		}
	}
}

// pushes makes what tells browsers; nil where push is off. A key that cannot be
// opened keeps push off: everything else goes on without it.
func (i *Instance) pushes(ctx context.Context) (*push.Service, error) {
	if i.Config.Push.Contact == "" {
		return nil, nil
	}
	private, err := i.safe.PushKey(guard.NewContext(ctx, guard.System("push")), i.Log, i.DB.Client(), func() (safe.Password, error) {
		key, err := push.NewKey()
		return safe.NewPassword(key.Reveal()), err
	})
	if err != nil {
		i.logger.Error("push is off until the next start", "error", err)
		return nil, nil
	}
	key, err := push.ReadKey(private.Reveal())
	if err != nil {
		return nil, err
	}
	return push.New(push.Config{Key: key, Contact: i.Config.Push.Contact})
}
