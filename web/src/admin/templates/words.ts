// The texts of templates and signatures.

import type { TemplateKind } from '../../generated/graphql';

const it = {
  said: 'Testi con cui si comincia una risposta, e firme che la chiudono: dell’ente, di un ufficio, o di una persona sola.',
  none: 'Ancora nessun modello.',
  search: 'Cercare un modello',
  add: 'Nuovo modello', addTitle: 'Nuovo modello', editTitle: (name: string) => `Modello: ${name}`, lookTitle: (name: string) => `Modello: ${name} (solo lettura)`,
  name: 'Nome', kind: 'Genere', subject: 'Oggetto', text: 'Testo', owner: 'Di chi è', changedAt: 'Ultima modifica',
  kinds: { TEXT: 'Testo', SIGNATURE: 'Firma' } satisfies Record<TemplateKind, string>,
  kindsTold: { TEXT: 'Si sceglie quando si scrive.', SIGNATURE: 'La prima della persona, altrimenti dell’ufficio, sta in ogni bozza nuova.' } satisfies Record<TemplateKind, string>,
  house: 'Dell’ente', mine: 'Solo mio', anyOwner: 'Tutti',
  fields: 'Campi che si riempiono da sé',
  fieldsOf: {
    ufficio: 'nome dell’ufficio', pratica: 'numero della pratica', mittente: 'chi ha scritto', indirizzo: 'indirizzo di chi ha scritto', oggetto: 'oggetto del messaggio ricevuto',
    data_ricezione: 'data di ricezione', data: 'data di oggi', operatore: 'nome di chi risponde',
  },
  noPictures: 'Le immagini non stanno nei modelli: si aggiungono scrivendo la risposta.',
  mayNot: 'Lo cambia chi ne è responsabile: gli amministratori per l’ente, il capo per l’ufficio, ciascuno per sé.',
  look: 'Leggi',
  saved: (name: string) => `Modello salvato: ${name}`,
  remove: 'Elimina', removeTitle: (name: string) => `Eliminare il modello «${name}»?`,
  removeImpact: (owner: string) => `Non si potrà più scegliere (${owner}). Ciò che è già stato scritto con questo modello resta com’è. Per riaverlo occorre riscriverlo.`,
  typeName: (name: string) => `Per confermare, scrivere: ${name}`,
  removed: (name: string) => `Modello eliminato: ${name}`,
  movedMeanwhile: 'Nel frattempo qualcun altro lo ha cambiato: salvando, vale il tuo testo.',
};

const en: typeof it = {
  said: 'Texts to begin a reply with, and signatures that close it: of the house, of an office, or of one person.',
  none: 'No template yet.',
  search: 'Find a template',
  add: 'New template', addTitle: 'New template', editTitle: (name) => `Template: ${name}`, lookTitle: (name) => `Template: ${name} (read only)`,
  name: 'Name', kind: 'Kind', subject: 'Subject', text: 'Text', owner: 'Whose', changedAt: 'Last changed',
  kinds: { TEXT: 'Text', SIGNATURE: 'Signature' },
  kindsTold: { TEXT: 'Chosen while writing.', SIGNATURE: 'The first of the person, else of the office, stands in every new draft.' },
  house: 'The house’s', mine: 'Mine alone', anyOwner: 'All',
  fields: 'Fields that fill themselves in',
  fieldsOf: {
    ufficio: 'name of the office', pratica: 'number of the case', mittente: 'who wrote', indirizzo: 'address of who wrote', oggetto: 'subject of the received message',
    data_ricezione: 'date of receipt', data: 'today’s date', operatore: 'name of who answers',
  },
  noPictures: 'Pictures do not stand in templates: add them while writing the reply.',
  mayNot: 'It is changed by who looks after it: administrators for the house, the head for the office, everybody for themselves.',
  look: 'Read',
  saved: (name) => `Template saved: ${name}`,
  remove: 'Remove', removeTitle: (name) => `Remove the template “${name}”?`,
  removeImpact: (owner) => `It can be chosen no longer (${owner}). What was written with it stays as it is. To have it back it has to be written again.`,
  typeName: (name) => `To confirm, type: ${name}`,
  removed: (name) => `Template removed: ${name}`,
  movedMeanwhile: 'Somebody else changed it meanwhile: saving keeps your text.',
};

export const words = { it, en };
