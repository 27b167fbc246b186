// The texts of the administration's frame, and those that its sections share.

import type { Meaning } from './meaning';

const it = {
  title: 'Amministrazione',
  sections: {
    mailboxes: 'Caselle', offices: 'Uffici', people: 'Persone', rules: 'Regole', deadlines: 'Scadenze e calendari', templates: 'Modelli',
    troubles: 'Lavori in errore', register: 'Registro', system: 'Sistema',
  },
  sectionsLabel: 'Sezioni dell’amministrazione',
  notYours: 'Questa parte è riservata agli amministratori.',
  checkMailbox: 'Prova connessione',
  cancel: 'Annulla',
  unsaved: 'Ciò che è stato scritto qui non è salvato.', throwAway: 'Chiudi senza salvare', goOn: 'Continua a scrivere',
  save: 'Salva',
  edit: 'Modifica',
  copy: 'Copia', copied: 'Copiato',
  none: '—',
  movedMeanwhile: (what: string) => `Nel frattempo qualcun altro ha cambiato: ${what}. Salvando si scrive solo ciò che è stato toccato qui.`,
  meanings: {
    password: 'La password manca o non si può aprire: impostarla di nuovo.',
    login: 'Il server non accetta il nome o la password.',
    certificate: 'La connessione protetta non riesce: certificato o protezione (tls) da controllare.',
    name: 'Il nome del server non si trova.',
    late: 'Il server non risponde in tempo.',
    unreached: 'Il server non si raggiunge: controllare indirizzo, porta e rete.',
    cut: 'La connessione si è interrotta.',
    content: 'Il server non ha consegnato il messaggio come dovrebbe.',
    crash: 'Il messaggio non si riesce a leggere.',
  } satisfies Record<Meaning, string>,
};

const en: typeof it = {
  title: 'Administration',
  sections: {
    mailboxes: 'Mailboxes', offices: 'Offices', people: 'People', rules: 'Rules', deadlines: 'Deadlines and calendars', templates: 'Templates',
    troubles: 'What keeps failing', register: 'Register', system: 'System',
  },
  sectionsLabel: 'Sections of the administration',
  notYours: 'This part is for administrators.',
  checkMailbox: 'Test connection',
  cancel: 'Cancel',
  unsaved: 'What was typed here is not saved.', throwAway: 'Close without saving', goOn: 'Go on writing',
  save: 'Save',
  edit: 'Edit',
  copy: 'Copy', copied: 'Copied',
  none: '—',
  movedMeanwhile: (what) => `Somebody else changed meanwhile: ${what}. Saving writes only what was touched here.`,
  meanings: {
    password: 'The password is missing or cannot be opened: set it again.',
    login: 'The server does not accept the name or the password.',
    certificate: 'The connection cannot be protected: check the certificate and the protection (tls).',
    name: 'The name of the server is not found.',
    late: 'The server does not answer in time.',
    unreached: 'The server is not reached: check address, port and network.',
    cut: 'The connection broke.',
    content: 'The server did not hand over the message as it should.',
    crash: 'The message cannot be read.',
  },
};

export type AdminWords = typeof it;
export const words = { it, en };
