package graph

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/deadline"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/apitoken"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
	"github.com/smista/smista/guard"
	"github.com/smista/smista/notify"
	"github.com/smista/smista/staff"
)

// mostTokens and mostMembers bound lists that have no pages.
const (
	mostTokens   = 50
	mostOffices  = 200
	mostAbsences = 20
)

// hidden is nil for what the viewer may not know of a person.
func hidden[T any](u *ent.User, value T) *T {
	if u.Email == guard.Hidden {
		return nil
	}
	return &value
}

// values are rows as the contract's plain lists want them.
func values[T any](rows []*T, err error) ([]T, error) {
	all := make([]T, len(rows))
	for i, row := range rows {
		all[i] = *row
	}
	return all, err
}

// viewer tells who asks.
func (r *Resolver) viewer(ctx context.Context) (*model.Viewer, error) {
	who := me(ctx)
	if who.ID == 0 {
		return nil, &model.Error{Code: model.Unauthenticated, English: "sign in first", Italian: "occorre accedere"}
	}
	p := planObject(ctx)
	ofUser, ofOffices := p.part("Viewer", "user", who.ID), p.part("Viewer", "offices", 0)
	ofUser.ids, ofUser.wanted = []int{who.ID}, true // the preferences are of the user
	users, err := r.usersByID(ctx, p, ofUser)
	if err != nil {
		return nil, err
	}
	ofOffices.ids = slices.Concat(who.Acts, who.Operates, who.Owns)
	offices, err := r.officesByID(ctx, p, ofOffices)
	if err != nil {
		return nil, err
	}
	shown := &model.Viewer{User: users[who.ID], Offices: []ent.Office{}, Scopes: scopes(who.Scopes)}
	for _, o := range offices {
		shown.Offices = append(shown.Offices, *o)
	}
	slices.SortFunc(shown.Offices, func(a, b ent.Office) int { return a.ID - b.ID })
	shown.Offices = shown.Offices[:min(len(shown.Offices), mostOffices)]
	if shown.Preferences, err = preferences(users[who.ID]); err != nil {
		return nil, err
	}
	shown.SavedViews, err = savedViews(users[who.ID])
	return shown, err
}

func scopes(s guard.Scope) []model.TokenScope {
	all := []model.TokenScope{}
	for _, of := range []struct {
		scope guard.Scope
		name  model.TokenScope
	}{{guard.Read, model.TokenScopeRead}, {guard.Content, model.TokenScopeContent}, {guard.Write, model.TokenScopeWrite}} {
		if s&of.scope != 0 {
			all = append(all, of.name)
		}
	}
	return all
}

func preferences(u *ent.User) (*model.Preferences, error) {
	p, err := dossier.PreferencesOf(u)
	if err != nil {
		return nil, err
	}
	shown := &model.Preferences{
		Language: model.LanguageIt, Digest: p.Digest, DigestMinute: int(p.DigestAt),
		QuietFrom: int(p.Quiet.From), QuietUntil: int(p.Quiet.To), Muted: []string{}, Pushed: []string{},
	}
	if u.Language == user.LanguageEn {
		shown.Language = model.LanguageEn
	}
	for _, k := range p.Muted {
		shown.Muted = append(shown.Muted, string(k))
	}
	for _, k := range p.Pushed {
		shown.Pushed = append(shown.Pushed, string(k))
	}
	return shown, nil
}

// setPreferences says how the viewer wants to be told.
func (r *Resolver) setPreferences(ctx context.Context, input model.PreferencesInput) error {
	p := dossier.Preferences{
		Quiet:  deadline.Span{From: deadline.Minutes(input.QuietFrom), To: deadline.Minutes(input.QuietUntil)},
		Digest: input.Digest, DigestAt: deadline.Minutes(input.DigestMinute),
	}
	for _, k := range input.Muted {
		p.Muted = append(p.Muted, notify.Kind(k))
	}
	for _, k := range input.Pushed {
		p.Pushed = append(p.Pushed, notify.Kind(k))
	}
	p.Chosen = input.Pushed != nil
	if err := p.Check(); err != nil {
		return &casework.Refused{Code: casework.Invalid, Italian: "preferenze non valide: " + err.Error(), English: err.Error()}
	}
	language := user.LanguageIt
	if input.Language == model.LanguageEn {
		language = user.LanguageEn
	}
	return r.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		who := me(ctx).ID
		if err := keepUnsaid(ctx, tx, input.Pushed == nil, &p); err != nil {
			return nil, err
		}
		written, err := json.Marshal(p)
		if err != nil {
			return nil, err
		}
		entry := event.Entry{Kind: event.UserChanged, Person: who, Details: event.Details{Reason: "preferenze"}}
		return []event.Entry{entry}, tx.User.Update().Where(user.ID(who)).SetPreferences(written).SetLanguage(language).Exec(ctx)
	})
}

// keepUnsaid leaves of a person's preferences what a client did not say.
func keepUnsaid(ctx context.Context, tx *ent.Tx, pushed bool, p *dossier.Preferences) error {
	u, err := ownRow(ctx, tx)
	if err != nil {
		return err
	}
	old, err := dossier.PreferencesOf(u)
	p.Views = old.Views
	if pushed && old.Chosen {
		p.Pushed, p.Chosen = old.Pushed, true
	}
	return err
}

// tokens lists those of the viewer.
func (r *Resolver) tokens(ctx context.Context) ([]ent.APIToken, error) {
	return values(r.Client.APIToken.Query().Where(apitoken.UserID(me(ctx).ID)).
		Order(apitoken.ByCreatedAt(sql.OrderDesc()), apitoken.ByID(sql.OrderDesc())).Limit(mostTokens).All(ctx))
}

func tokenScopes(names []string) []model.TokenScope {
	all := make([]model.TokenScope, len(names))
	for i, n := range names {
		all[i] = model.TokenScope(n)
	}
	return all
}

// makeToken makes one for the viewer.
func (r *Resolver) makeToken(ctx context.Context, input model.TokenMakeInput) (*model.TokenPayload, error) {
	names := []string{staff.ScopeRead}
	for _, s := range input.Scopes {
		if s != model.TokenScopeRead {
			names = append(names, string(s))
		}
	}
	payload := &model.TokenPayload{ClientMutationID: input.ClientMutationID}
	secret, _, err := r.Staff.MakeToken(ctx, me(ctx).ID, input.Name, names, time.Until(input.ExpiresAt))
	if err == nil {
		payload.Secret = &secret
	}
	payload.UserErrors, err = r.refusals(ctx, err)
	return payload, err
}

// changed answers a command on a person.
func (r *Resolver) changed(ctx context.Context, id int, client *string, err error) (*model.UserPayload, error) {
	refused, err := r.refusals(ctx, err)
	if err != nil {
		return nil, err
	}
	p := planObject(ctx)
	users, err := r.usersByID(ctx, p, p.part("UserPayload", "user", id))
	return &model.UserPayload{User: users[id], UserErrors: refused, ClientMutationID: client}, err
}

func (r *Resolver) addUser(ctx context.Context, input model.UserAddInput) (*model.UserPayload, error) {
	id, err := r.Staff.AddUser(ctx, staff.NewUser{
		Email: input.Email, Name: input.Name, Password: text(input.Password),
		Roles: staff.Roles{Sorter: input.Sorter, Administrator: input.Administrator, Auditor: input.Auditor},
	})
	return r.changed(ctx, id, input.ClientMutationID, err)
}

// setUser changes a person, one thing after the other until one is refused.
func (r *Resolver) setUser(ctx context.Context, input model.UserSetInput) error {
	id := rowOf("User", input.UserID)
	u, err := r.Client.User.Get(ctx, id)
	if ent.IsNotFound(err) || err == nil && u.Email == guard.Hidden {
		return &staff.Error{
			Code: staff.NotFound, Path: "userId",
			Italian: "la persona non esiste, o non spetta a te cambiarla", English: "there is no such person, or it is not yours to change",
		}
	} else if err != nil {
		return err
	}
	var steps []func() error
	if input.Name != nil {
		steps = append(steps, func() error { return r.Staff.Rename(ctx, id, *input.Name) })
	}
	if input.Sorter != nil || input.Administrator != nil || input.Auditor != nil {
		roles := staff.Roles{Sorter: or(input.Sorter, u.Sorter), Administrator: or(input.Administrator, u.Administrator), Auditor: or(input.Auditor, u.Auditor)}
		steps = append(steps, func() error { return r.Staff.SetRoles(ctx, id, roles) })
	}
	if input.Password != nil {
		steps = append(steps, func() error { return r.Staff.SetPassword(ctx, id, "", *input.Password) })
	}
	if input.Disabled != nil && *input.Disabled != (u.DisabledAt != nil) {
		set := r.Staff.Enable
		if *input.Disabled {
			set = r.Staff.Disable
		}
		steps = append(steps, func() error { return set(ctx, id) })
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// or is what an input says, or what is there when it says nothing.
func or[T any](said *T, there T) T {
	if said != nil {
		return *said
	}
	return there
}

func member(input model.MemberInput) staff.Member {
	return staff.Member{User: rowOf("User", input.UserID), Office: rowOf("Office", input.OfficeID), Role: input.Role, From: input.From, Until: input.Until}
}

// setOffice makes an office, or changes it.
func (r *Resolver) setOffice(ctx context.Context, input model.OfficeSetInput) (*model.OfficePayload, error) {
	id, err := r.Staff.SetOffice(ctx, input.Code, staff.OfficeSettings{
		Name: input.Name, Parent: input.Parent, HeadSeesBelow: input.HeadSeesBelow,
		OperatorsSeeOwn: input.OperatorsSeeOwn, OperatorsMayTake: input.OperatorsMayTake, ReasonToMove: input.ReasonToMove,
		Approvals: input.Approvals,
	})
	return r.ofOffice(ctx, id, input.ClientMutationID, err)
}
