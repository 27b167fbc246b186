// The texts of deadlines and calendars.

import type { TermKind } from '../generated/graphql';
import { forms } from '../words/it';
import type { Amount, Unit } from './amount';

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const it = {
  terms: {
    title: 'Termini',
    told: 'Quanto può durare ogni cosa, dal momento certificato della PEC. Vale il più preciso: quello della regola, poi della casella, poi dell’ufficio, poi dell’ente.',
    where: 'Ciò che si scrive qui prende il posto di quello che dice il file di configurazione, sotto [[deadline]], per la stessa cosa; tolto, vale di nuovo il file. Vale per le pratiche che arrivano o si muovono dopo.',
    none: 'Non ci sono termini.',
    unseen: 'I termini li vedono amministratori e smistatori.',
    what: 'Che cosa', amount: 'Entro', whose: 'Per chi',
    kinds: { ASSIGN: 'Assegnare a una persona', WORK: 'Evadere', ANSWER: 'Rispondere' } satisfies Record<TermKind, string>,
    house: 'Tutto l’ente', mailbox: (address: string) => `Casella ${address}`, rule: (name: string) => `Regola «${name}»`,
    use: 'Calcola', useOf: (what: string, amount: string, whose: string) => `Calcola: ${what}, ${amount}, ${whose}`,
    add: 'Nuovo termine', addTitle: 'Nuovo termine', editTitle: (name: string) => `Cambia il termine: ${name}`,
    name: (what: string, whose: string) => `${what}, ${whose}`,
    offices: 'Uffici', mailboxes: 'Caselle', rules: 'Regole',
    saved: (name: string, amount: string) => `Termine scritto: ${name}, entro ${amount}`,
    removed: (name: string) => `Termine tolto: ${name}`,
  },
  kept: {
    by: 'Origine', actions: 'Che cosa si può fare', file: 'File di configurazione', here: 'Scritto qui', replaced: 'sostituito', again: 'Rimesso com’era',
    edit: 'Cambia', editOf: (name: string) => `Cambia: ${name}`,
    remove: 'Togli', removeOf: (name: string) => `Togli: ${name}`,
    moved: 'Nel frattempo qualcun altro lo ha cambiato. Salvando vale ciò che è scritto qui.',
    there: 'Per la stessa cosa ce n’è già uno scritto qui. Salvando cambia quello.',
    later: 'Le scadenze delle pratiche in corso restano come sono: si ricalcolano quando la pratica si muove (assegnata, passata a un altro ufficio, sospesa o ripresa).',
  },
  daysOff: {
    title: 'Chiusure e santo patrono',
    told: 'Ciò che si scrive qui si aggiunge a quanto dice il file di configurazione; il santo patrono ne prende il posto. Gli orari di lavoro stanno nel file.',
    none: 'Non ci sono chiusure, né un santo patrono.', unnamed: 'chiusura',
    what: 'Che cosa', when: 'Quando', whose: 'Per chi', patron: 'Santo patrono', everyYear: (day: string) => `${day}, ogni anno`,
    span: (from: string, to: string) => (from === to ? from : `${from} – ${to}`),
    add: 'Nuova chiusura', addTitle: 'Nuova chiusura', editTitle: (name: string) => `Cambia la chiusura: ${name}`,
    setPatron: 'Imposta il patrono', patronTitle: 'Santo patrono',
    name: 'Nome', namePlaceholder: 'Ferie estive', from: 'Dal', to: 'Al', day: 'Giorno', month: 'Mese',
    nameOf: (what: string, when: string, whose: string) => `${what}, ${when}, ${whose}`,
    saved: (name: string) => `Chiusura scritta: ${name}`, removed: (name: string) => `Chiusura tolta: ${name}`,
    patronSaved: (when: string) => `Santo patrono: ${when}`, patronRemoved: 'Santo patrono tolto',
  },
  amount: ({ n, unit }: Amount): string => {
    switch (unit) {
      case 'working days': return forms(n, '1 giorno lavorativo', `${n} giorni lavorativi`);
      case 'days': return forms(n, '1 giorno', `${n} giorni`);
      case 'working hours': return forms(n, '1 ora lavorativa', `${n} ore lavorative`);
    }
  },
  units: { 'working days': 'giorni lavorativi', days: 'giorni', 'working hours': 'ore lavorative' } satisfies Record<Unit, string>,
  of: 'Calendario di', house: 'Tutto l’ente',
  reckoner: {
    title: 'Calcolo di una scadenza',
    from: 'Dal', at: 'alle', length: 'Quanto', unit: 'Di che cosa',
    wrong: (most: number) => `Un numero da 1 a ${most}.`, wrongDay: 'Una data.',
    result: (amount: string, from: string, due: string) => `Calcolata: ${amount} dal ${from} → ${due}`,
    never: 'Con questo calendario non si arriva mai alla fine: c’è troppo poco tempo di lavoro.',
    skipped: (n: number) => forms(n, '1 giorno non contato', `${n} giorni non contati`),
    skippedNone: 'Nessun giorno saltato.',
    all: 'Tutti i giorni', onlySkipped: 'Solo i giorni non contati', which: 'Quali giorni',
    newest: 'Gli ultimi 400 giorni.',
    days: 'Giorno per giorno', date: 'Giorno', what: 'Che cosa ne è', count: 'Contati',
    how: 'Come si conta',
    rules: [
      'Il giorno iniziale non si conta (art. 2963 c.c., co. 2; art. 155 c.p.c., co. 1).',
      'Un termine in giorni che finisce in un giorno non lavorativo passa al primo seguente (art. 2963 c.c., co. 3; art. 155 c.p.c., co. 4 e 5).',
      'Un termine in giorni finisce con l’orario di lavoro dell’ultimo giorno: la legge arriva a mezzanotte, ma in ufficio non c’è più nessuno.',
      'In giorni e ore lavorative contano solo i giorni e le ore in cui l’ufficio lavora.',
      'Quando una pratica è sospesa il tempo non conta.',
    ],
  },
  ladder: {
    title: 'Scala dei solleciti',
    told: 'Chi verrebbe avvisato, e quando, se nel frattempo non succede niente. Si cambia nel file di configurazione, per ufficio, sotto ladder.',
    to: { operator: 'chi ha la pratica', head: 'capo ufficio', desk: 'smistamento' } as Record<string, string>,
    every: (amount: string) => `poi ogni ${amount}`,
    none: 'Nessun sollecito.',
    quiet: (from: number, until: number) => `Ore di silenzio tue: dalle ${clock(from)} alle ${clock(until)}. In quelle ore lettere e notifiche aspettano; ognuno ha le sue.`,
  },
  calendar: {
    title: 'Calendario',
    told: 'Festività nazionali, santo patrono e chiusure, oltre al fine settimana. Gli orari si cambiano nel file di configurazione, sotto [calendar] e, per ufficio, sotto [[office]].',
    year: 'Anno', previous: 'Anno prima', next: 'Anno dopo', today: 'oggi',
    free: (n: number) => forms(n, '1 giorno di festa o chiusura', `${n} giorni di festa o chiusura`),
  },
};

const plurals = new Intl.PluralRules('en');
const few = (n: number, one: string, other: string): string => (plurals.select(n) === 'one' ? one : other);

const en: typeof it = {
  terms: {
    title: 'Deadlines',
    told: 'How long each thing may take, from the certified moment of the PEC. The most specific holds: that of the rule, then of the mailbox, then of the office, then of the house.',
    where: 'What is written here goes over what the configuration file says of the same, under [[deadline]]; taken away, the file holds again. It holds for cases that come in or move on afterwards.',
    none: 'There are no deadlines.',
    unseen: 'Deadlines are seen by administrators and sorters.',
    what: 'What', amount: 'Within', whose: 'Of whom',
    kinds: { ASSIGN: 'Assign to a person', WORK: 'Work', ANSWER: 'Answer' },
    house: 'The whole house', mailbox: (address) => `Mailbox ${address}`, rule: (name) => `Rule “${name}”`,
    use: 'Reckon', useOf: (what, amount, whose) => `Reckon: ${what}, ${amount}, ${whose}`,
    add: 'New deadline', addTitle: 'New deadline', editTitle: (name) => `Change the deadline: ${name}`,
    name: (what, whose) => `${what}, ${whose}`,
    offices: 'Offices', mailboxes: 'Mailboxes', rules: 'Rules',
    saved: (name, amount) => `Deadline written: ${name}, within ${amount}`,
    removed: (name) => `Deadline taken away: ${name}`,
  },
  kept: {
    by: 'Origin', actions: 'What can be done', file: 'Configuration file', here: 'Written here', replaced: 'replaced', again: 'Put back as it was',
    edit: 'Change', editOf: (name) => `Change: ${name}`,
    remove: 'Take away', removeOf: (name) => `Take away: ${name}`,
    moved: 'Somebody else changed it meanwhile. When you save, what stands here holds.',
    there: 'Of the same there is one written here already. Saving changes that one.',
    later: 'Deadlines of cases under way stay as they are: they are reckoned again when the case moves (assigned, sent to another office, suspended or resumed).',
  },
  daysOff: {
    title: 'Closures and patron saint’s day',
    told: 'What is written here is added to what the configuration file says; the patron saint’s day takes its place. Working hours stand in the file.',
    none: 'There are no closures, and no patron saint’s day.', unnamed: 'closed',
    what: 'What', when: 'When', whose: 'Of whom', patron: 'Patron saint’s day', everyYear: (day) => `${day}, every year`,
    span: (from, to) => (from === to ? from : `${from} – ${to}`),
    add: 'New closure', addTitle: 'New closure', editTitle: (name) => `Change the closure: ${name}`,
    setPatron: 'Set the patron', patronTitle: 'Patron saint’s day',
    name: 'Name', namePlaceholder: 'Summer holidays', from: 'From', to: 'To', day: 'Day', month: 'Month',
    nameOf: (what, when, whose) => `${what}, ${when}, ${whose}`,
    saved: (name) => `Closure written: ${name}`, removed: (name) => `Closure taken away: ${name}`,
    patronSaved: (when) => `Patron saint’s day: ${when}`, patronRemoved: 'Patron saint’s day taken away',
  },
  amount: ({ n, unit }) => {
    switch (unit) {
      case 'working days': return few(n, '1 working day', `${n} working days`);
      case 'days': return few(n, '1 day', `${n} days`);
      case 'working hours': return few(n, '1 working hour', `${n} working hours`);
    }
  },
  units: { 'working days': 'working days', days: 'days', 'working hours': 'working hours' },
  of: 'Calendar of', house: 'The whole house',
  reckoner: {
    title: 'Reckon a deadline',
    from: 'From', at: 'at', length: 'How long', unit: 'Of what',
    wrong: (most) => `A number from 1 to ${most}.`, wrongDay: 'A date.',
    result: (amount, from, due) => `Reckoned: ${amount} from ${from} → ${due}`,
    never: 'By this calendar it never ends: there is too little working time.',
    skipped: (n) => few(n, '1 day not counted', `${n} days not counted`),
    skippedNone: 'No day is skipped.',
    all: 'All days', onlySkipped: 'Only days that are not counted', which: 'Which days',
    newest: 'The last 400 days.',
    days: 'Day by day', date: 'Day', what: 'What of it', count: 'Counted',
    how: 'How it is counted',
    rules: [
      'The day of the start is not counted (art. 2963 c.c., 2; art. 155 c.p.c., 1).',
      'A term in days that ends on a day without work moves to the next one (art. 2963 c.c., 3; art. 155 c.p.c., 4 and 5).',
      'A term in days ends with the working time of its last day: the law gives until midnight, but nobody is at the office by then.',
      'In working days and hours only the days and hours count in which the office works.',
      'While a case is suspended, time does not count.',
    ],
  },
  ladder: {
    title: 'Ladder of reminders',
    told: 'Who would be told, and when, if nothing happens meanwhile. It is changed in the configuration file, for each office, under ladder.',
    to: { operator: 'who has the case', head: 'head of the office', desk: 'sorting desk' },
    every: (amount) => `then every ${amount}`,
    none: 'No reminder.',
    quiet: (from, until) => `Your quiet hours: from ${clock(from)} to ${clock(until)}. Letters and pushes wait then; each person has his own.`,
  },
  calendar: {
    title: 'Calendar',
    told: 'National holidays, the patron saint’s day and closures, besides the week’s end. Hours are changed in the configuration file, under [calendar] and, of an office, under [[office]].',
    year: 'Year', previous: 'Year before', next: 'Year after', today: 'today',
    free: (n) => few(n, '1 day of holiday or closure', `${n} days of holiday or closure`),
  },
};

export const words = { it, en };
