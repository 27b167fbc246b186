// The texts of the administration's frame, and those that its sections share.

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
  save: 'Salva',
  edit: 'Modifica',
  copy: 'Copia', copied: 'Copiato',
  saved: 'Salvato',
  none: '—',
  movedMeanwhile: (what: string) => `Nel frattempo qualcun altro ha cambiato: ${what}. Salvando si scrive solo ciò che è stato toccato qui.`,
  yes: 'Sì', no: 'No',
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
  save: 'Save',
  edit: 'Edit',
  copy: 'Copy', copied: 'Copied',
  saved: 'Saved',
  none: '—',
  movedMeanwhile: (what) => `Somebody else changed meanwhile: ${what}. Saving writes only what was touched here.`,
  yes: 'Yes', no: 'No',
};

export type AdminWords = typeof it;
export const words = { it, en };
