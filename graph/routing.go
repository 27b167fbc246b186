package graph

import (
	"github.com/smista/smista/casework"
	"github.com/smista/smista/desk"
	"github.com/smista/smista/ent"
	"github.com/smista/smista/graph/model"
)

// routingOf is routeReason in parts. Nobody learns more from it: it is read out of
// what the viewer sees.
func routingOf(c *ent.CaseFile) *model.CaseRouting {
	if said, ok := desk.ReadReason(c.RouteReason); ok {
		shown := &model.CaseRouting{Why: routedBy(said.Why), By: said.By, Office: said.Office}
		if said.Doubt != "" {
			shown.Doubt = &said.Doubt
		}
		return shown
	}
	switch why, office, _ := casework.ReadWhy(c.RouteReason); why {
	case casework.BySorter:
		return &model.CaseRouting{Why: model.RoutingWhySorted, Office: office}
	case casework.ByReturn:
		return &model.CaseRouting{Why: model.RoutingWhyReturned, By: office}
	case casework.ByTakeBack:
		return &model.CaseRouting{Why: model.RoutingWhyTakenBack}
	}
	return &model.CaseRouting{Why: model.RoutingWhyOther}
}

func routedBy(why desk.Why) model.RoutingWhy {
	switch why {
	case desk.ByRule:
		return model.RoutingWhyRule
	case desk.ByTie:
		return model.RoutingWhyMailbox
	case desk.NoRule:
		return model.RoutingWhyNoRule
	case desk.Untrusted:
		return model.RoutingWhyNotToTrust
	case desk.Imported:
		return model.RoutingWhyImported
	case desk.Own:
		return model.RoutingWhyOwn
	}
	return model.RoutingWhyOther
}
