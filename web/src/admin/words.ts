// The texts of the administration's frame, and those that its sections share.

const it = {
  title: 'Amministrazione',
  sections: {
    mailboxes: 'Caselle', offices: 'Uffici', people: 'Persone', rules: 'Regole', deadlines: 'Scadenze e calendari', templates: 'Modelli',
    troubles: 'Lavori che non riescono', register: 'Registro', system: 'Sistema',
  },
  sectionsLabel: 'Sezioni dell’amministrazione',
  notYours: 'Questa parte è riservata agli amministratori.',
  cancel: 'Annulla',
  save: 'Salva',
  edit: 'Modifica',
  copy: 'Copia', copied: 'Copiato',
  saved: 'Salvato',
  none: '—',
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
  cancel: 'Cancel',
  save: 'Save',
  edit: 'Edit',
  copy: 'Copy', copied: 'Copied',
  saved: 'Saved',
  none: '—',
  yes: 'Yes', no: 'No',
};

export type AdminWords = typeof it;
export const words = { it, en };
