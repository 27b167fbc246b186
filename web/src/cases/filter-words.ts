const it = {
  open: 'Aperte',
  unmerged: 'Tutte tranne le unite',
  found: (n: string, one: boolean) => (one ? '1 pratica' : `${n} pratiche`),
  foundMany: (n: string) => `${n} pratiche o più`,
  narrowedBy: 'Altri filtri',
  remove: (what: string) => `Togli il filtro: ${what}`,
  removeAll: 'Togli tutti i filtri',
  spans: {
    assigned: { both: (a: string, b: string) => `Assegnate dal ${a} al ${b}`, on: (a: string) => `Assegnate il ${a}`, from: (a: string) => `Assegnate dal ${a}`, until: (b: string) => `Assegnate fino al ${b}` },
    closed: { both: (a: string, b: string) => `Evase dal ${a} al ${b}`, on: (a: string) => `Evase il ${a}`, from: (a: string) => `Evase dal ${a}`, until: (b: string) => `Evase fino al ${b}` },
    breached: { both: (a: string, b: string) => `Termine scaduto dal ${a} al ${b}`, on: (a: string) => `Termine scaduto il ${a}`, from: (a: string) => `Termine scaduto dal ${a}`, until: (b: string) => `Termine scaduto fino al ${b}` },
  },
  openOn: (day: string) => `Aperte alla fine del ${day}`,
  sortedBy: (who: string) => `Smistate da ${who}`,
  sortedFrom: (day: string) => `Smistate dal ${day}`,
  mailbox: (address: string) => `Casella ${address}`,
};

const en: typeof it = {
  open: 'Open',
  unmerged: 'All but merged',
  found: (n, one) => (one ? '1 case' : `${n} cases`),
  foundMany: (n) => `${n} cases or more`,
  narrowedBy: 'More filters',
  remove: (what) => `Remove the filter: ${what}`,
  removeAll: 'Remove all filters',
  spans: {
    assigned: { both: (a, b) => `Assigned from ${a} to ${b}`, on: (a) => `Assigned on ${a}`, from: (a) => `Assigned from ${a}`, until: (b) => `Assigned until ${b}` },
    closed: { both: (a, b) => `Closed from ${a} to ${b}`, on: (a) => `Closed on ${a}`, from: (a) => `Closed from ${a}`, until: (b) => `Closed until ${b}` },
    breached: { both: (a, b) => `Overdue from ${a} to ${b}`, on: (a) => `Overdue on ${a}`, from: (a) => `Overdue from ${a}`, until: (b) => `Overdue until ${b}` },
  },
  openOn: (day) => `Open at the end of ${day}`,
  sortedBy: (who) => `Sorted by ${who}`,
  sortedFrom: (day) => `Sorted from ${day}`,
  mailbox: (address) => `Mailbox ${address}`,
};

export const words = { it, en };
