package graph

import (
	"context"
	"encoding/json"

	"github.com/smista/smista/casework"
	"github.com/smista/smista/dossier"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/ent/user"
	"github.com/smista/smista/event"
	"github.com/smista/smista/graph/model"
)

// savedViews are those that a person saved.
func savedViews(u *ent.User) ([]model.SavedView, error) {
	p, err := dossier.PreferencesOf(u)
	shown := make([]model.SavedView, len(p.Views))
	for i, v := range p.Views {
		shown[i] = model.SavedView{Name: v.Name, List: model.SavedViewList(v.List), Search: v.Search}
	}
	return shown, err
}

// setView saves a view of the viewer's.
func (r *Resolver) setView(ctx context.Context, input model.SavedViewSetInput) error {
	return r.changeViews(ctx, func(views []dossier.View) ([]dossier.View, error) {
		return dossier.WithView(views, dossier.View{List: string(input.List), Name: input.Name, Search: input.Search})
	})
}

// removeView removes one.
func (r *Resolver) removeView(ctx context.Context, input model.SavedViewRemoveInput) error {
	return r.changeViews(ctx, func(views []dossier.View) ([]dossier.View, error) {
		return dossier.WithoutView(views, string(input.List), input.Name), nil
	})
}

func (r *Resolver) changeViews(ctx context.Context, change func([]dossier.View) ([]dossier.View, error)) error {
	return r.Log.Write(ctx, func(ctx context.Context, tx *ent.Tx) ([]event.Entry, error) {
		u, err := ownRow(ctx, tx)
		if err != nil {
			return nil, err
		}
		p, err := dossier.PreferencesOf(u)
		if err != nil {
			return nil, err
		}
		if p.Views, err = change(p.Views); err != nil {
			return nil, &casework.Refused{Code: casework.Invalid, Italian: "vista non valida: " + err.Error(), English: err.Error()}
		}
		written, err := json.Marshal(p)
		if err != nil {
			return nil, err
		}
		entry := event.Entry{Kind: event.UserChanged, Person: u.ID, Details: event.Details{Reason: "viste salvate"}}
		return []event.Entry{entry}, tx.User.Update().Where(user.ID(u.ID)).SetPreferences(written).Exec(ctx)
	})
}

// ownRow is the viewer's row, held until the transaction ends: of two changes at
// once the second sees what the first wrote.
func ownRow(ctx context.Context, tx *ent.Tx) (*ent.User, error) {
	who := me(ctx).ID
	u, err := tx.User.Get(ctx, who)
	if err != nil {
		return nil, err
	}
	if err := tx.User.Update().Where(user.ID(who), user.LanguageEQ(u.Language)).SetLanguage(u.Language).Exec(ctx); err != nil {
		return nil, err
	}
	return tx.User.Get(ctx, who)
}

// viewsChanged answers a change of the viewer's views.
func (r *Resolver) viewsChanged(ctx context.Context, client *string, err error) (*model.SavedViewsPayload, error) {
	refused, err := r.refusals(ctx, err)
	if err != nil {
		return nil, err
	}
	u, err := r.Client.User.Get(ctx, me(ctx).ID)
	if err != nil {
		return nil, err
	}
	views, err := savedViews(u)
	return &model.SavedViewsPayload{SavedViews: views, UserErrors: refused, ClientMutationID: client}, err
}
