package demo

import "slices"

// Person works at the town hall and can sign in.
type Person struct {
	Name, Email string
	Roles       []string // of "sorter", "administrator", "auditor"
	Heads       []string // codes of the offices that the person is head of
	Deputy      []string // codes of the offices where the person stands in for the head
	Works       []string // codes of the offices where the person is an operator
}

// Role is the one word that says what the person mainly is: "sorter", "head",
// "operator", "administrator" or "auditor".
func (p Person) Role() string {
	switch {
	case len(p.Heads) > 0:
		return "head"
	case len(p.Roles) > 0:
		return p.Roles[0]
	}
	return "operator"
}

// Offices are the codes of all offices where the person is something.
func (p Person) Offices() []string {
	all := append([]string{}, p.Heads...)
	for _, code := range append(append([]string{}, p.Deputy...), p.Works...) {
		if !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
}

// staffDomain is where the people read ordinary mail.
const staffDomain = "@comune.borgoverde.example"

// People of the town hall of Borgoverde. Two or more in each role; the operators
// of Servizi sociali read only their own cases (see Offices).
func People() []Person {
	all := []Person{
		{Name: "Sara Bellini", Email: "sara.bellini", Roles: []string{"sorter"}},
		{Name: "Davide Orsi", Email: "davide.orsi", Roles: []string{"sorter"}},
		{Name: "Ada Ferraris", Email: "ada.ferraris", Roles: []string{"administrator"}},
		{Name: "Ivo Manca", Email: "ivo.manca", Roles: []string{"administrator"}},
		{Name: "Rita Soave", Email: "rita.soave", Roles: []string{"auditor"}},
		{Name: "Ugo Lenzi", Email: "ugo.lenzi", Roles: []string{"auditor"}},
		{Name: "Carla Monti", Email: "carla.monti", Heads: []string{"tributi"}},
		{Name: "Bruno Sala", Email: "bruno.sala", Heads: []string{"edilizia"}},
		{Name: "Elena Riva", Email: "elena.riva", Heads: []string{"suap"}},
		{Name: "Paolo Gatti", Email: "paolo.gatti", Heads: []string{"sociali"}},
		{Name: "Laura Serra", Email: "laura.serra", Heads: []string{"legale"}},
		{Name: "Mario Fabbri", Email: "mario.fabbri", Heads: []string{"ragioneria"}},
		{Name: "Giulia Neri", Email: "giulia.neri", Works: []string{"tributi"}, Deputy: []string{"tributi"}},
		{Name: "Luca Bassi", Email: "luca.bassi", Works: []string{"tributi"}},
		{Name: "Nadia Costa", Email: "nadia.costa", Works: []string{"edilizia"}},
		{Name: "Pietro Vinci", Email: "pietro.vinci", Works: []string{"edilizia", "suap"}},
		{Name: "Teresa Galli", Email: "teresa.galli", Works: []string{"suap"}},
		{Name: "Franco Mele", Email: "franco.mele", Works: []string{"sociali"}},
		{Name: "Irene Pozzi", Email: "irene.pozzi", Works: []string{"sociali"}},
		{Name: "Omar Testa", Email: "omar.testa", Works: []string{"legale"}},
		{Name: "Silvia Rota", Email: "silvia.rota", Works: []string{"legale", "ragioneria"}},
		{Name: "Gino Barbi", Email: "gino.barbi", Works: []string{"ragioneria"}},
	}
	for i := range all {
		all[i].Email += staffDomain
	}
	return all
}

// PasswordOf is what a person of the world signs in with.
func PasswordOf(p Person) string { return "borgoverde-" + p.Email[:len(p.Email)-len(staffDomain)] }
