// The texts of movements and delays.

const it = {
  title: 'Movimenti e ritardi',
  movements: 'Movimenti',
  delays: 'Ritardi per ufficio',
  kinds: { all: 'Tutti i movimenti', moved: 'Smistamenti e assegnazioni', answered: 'Risposte ed evasioni', asked: 'Solleciti e scadenze' },
  kind: 'Quali movimenti',
  earlier: 'Mostra i precedenti',
  none: 'Non è successo niente.',
  failed: 'I movimenti non si sono potuti leggere.',
  allOffices: 'Tutti gli uffici',
  offices: 'Uffici con ritardi',
  late: (n: string, one: boolean) => (one ? '1 scaduta' : `${n} scadute`),
  soon: (n: string) => `${n} in scadenza`,
  noDelays: 'Nessun ufficio ha scadenze passate o vicine.',
  cases: 'Pratiche scadute o in scadenza',
  withWhom: (who: string) => `da ${who}`,
  remind: 'Sollecita',
  ask: 'Chiedi chiarimenti',
  remindOf: (number: string) => `Sollecita la pratica ${number}`,
  askOf: (number: string) => `Chiedi chiarimenti sulla pratica ${number}`,
  asked: {
    SOLLECITO: { open: (at: string) => `Sollecitata il ${at}, senza risposta`, answered: (at: string) => `Sollecitata il ${at}, risposta avuta` },
    CLARIFICATION: { open: (at: string) => `Chiesti chiarimenti il ${at}, senza risposta`, answered: (at: string) => `Chiesti chiarimenti il ${at}, risposta avuta` },
  },
  all: 'Apri l’elenco',
  notYours: 'Movimenti e ritardi sono visibili allo smistamento.',
};

const en: typeof it = {
  title: 'Movements and delays',
  movements: 'Movements',
  delays: 'Delays by office',
  kinds: { all: 'All movements', moved: 'Sorted and assigned', answered: 'Answered and closed', asked: 'Reminders and terms' },
  kind: 'Which movements',
  earlier: 'Show earlier ones',
  none: 'Nothing has happened.',
  failed: 'The movements could not be read.',
  allOffices: 'All offices',
  offices: 'Offices with delays',
  late: (n) => `${n} overdue`,
  soon: (n) => `${n} due soon`,
  noDelays: 'No office is late or about to be.',
  cases: 'Cases overdue or due soon',
  withWhom: (who) => `with ${who}`,
  remind: 'Remind',
  ask: 'Ask for clarification',
  remindOf: (number) => `Remind of case ${number}`,
  askOf: (number) => `Ask for clarification of case ${number}`,
  asked: {
    SOLLECITO: { open: (at) => `Reminded on ${at}, no answer yet`, answered: (at) => `Reminded on ${at}, answered` },
    CLARIFICATION: { open: (at) => `Asked on ${at}, no answer yet`, answered: (at) => `Asked on ${at}, answered` },
  },
  all: 'Open the list',
  notYours: 'Movements and delays are for the sorting desk.',
};

export const words = { it, en };
