// Italian, the first language: every text of the client.

import type { CaseStatus, MessageKind, Urgency, VerdictStatus } from '../generated/graphql';

const plurals = new Intl.PluralRules('it');

/** The form for a number: one, or other ones (`many` of Italian is written as the others). */
export function forms(n: number, one: string, other: string): string {
  return plurals.select(n) === 'one' ? one : other;
}

export const it = {
  waiting: 'Un momento…',
  unreachable: 'Il server non risponde.',
  showPassword: 'Mostra o nascondi la password',
  tryAgain: 'Riprova',
  undo: 'Annulla',
  close: 'Chiudi',
  skip: 'Vai al contenuto',
  navigation: 'Sezioni',
  otherLanguage: 'English',
  lightMode: 'Sfondo chiaro',
  darkMode: 'Sfondo scuro',
  signOut: 'Esci',
  profile: 'Il mio profilo',
  personMenu: (name: string) => `${name}: lingua, aspetto, uscita`,
  live: 'In tempo reale',
  asking: 'Aggiornamento ogni 30 s',
  device: 'Questo dispositivo',
  returning: 'Riconnessione…',
  lost: (since: string) => `Non in linea – dati delle ${since}`,
  palette: 'Comandi',
  palettePlaceholder: 'Cercare un comando',
  nothingFound: 'Non si trova niente.',
  shortcuts: 'Tasti rapidi',
  keyScheme: 'Tasti',
  keySchemes: { simple: 'Semplici', gmail: 'Come in Gmail', none: 'Nessuno' },
  keyNames: {
    ArrowDown: '↓', ArrowUp: '↑', Enter: 'Invio', Escape: 'Esc', 'Shift+ArrowDown': 'Maiusc+↓', 'Shift+ArrowUp': 'Maiusc+↑',
    Home: 'Inizio', End: 'Fine', ArrowLeft: '←', ArrowRight: '→', 'Alt+ArrowLeft': 'Alt+←', 'Alt+ArrowRight': 'Alt+→',
  } as Record<string, string>,
  goTo: (place: string) => `Vai a ${place}`,
  writeNew: 'Scrivi una PEC',
  places: { desk: 'Smistamento', office: 'Ufficio', todo: 'Da fare', cases: 'Pratiche', admin: 'Amministrazione', register: 'Registro', overview: 'Andamento' },
  groups: { everywhere: 'Ovunque', list: 'Elenco', case: 'Pratica' },
  noSuchPage: 'Questa pagina non c’è.',
  noSubject: '(senza oggetto)',
  hidden: 'Contenuto riservato',
  someone: 'qualcuno',

  statuses: {
    TO_SORT: 'Da smistare', TO_ASSIGN: 'Da assegnare', IN_PROGRESS: 'In lavorazione', ANSWERING: 'In partenza', CLOSED: 'Evasa', MERGED: 'Unita',
  } satisfies Record<CaseStatus, string>,
  urgencies: { NONE: '', DUE_SOON: 'In scadenza', BREACHED: 'Scaduta' } satisfies Record<Urgency, string>,
  kinds: {
    ENVELOPE: 'Posta certificata', ANOMALY: 'Busta di anomalia', ACCEPTANCE: 'Ricevuta di accettazione', NON_ACCEPTANCE: 'Avviso di non accettazione',
    TAKEN_IN_CHARGE: 'Presa in carico', DELIVERY: 'Ricevuta di avvenuta consegna', DELIVERY_ERROR: 'Avviso di mancata consegna',
    DELIVERY_WARNING: 'Preavviso di mancata consegna', VIRUS_NOTICE: 'Avviso di virus', ORDINARY: 'Posta non certificata',
  } satisfies Record<MessageKind, string>,
  verdicts: {
    VALID: 'Firma valida', UNTRUSTED: 'Gestore non riconosciuto', EXPIRED: 'Certificato scaduto', ALTERED: 'Alterata', UNVERIFIABLE: 'Firma non verificabile',
    UNSIGNED: 'Non firmata', IMITATION: 'Imitazione di PEC',
  } satisfies Record<VerdictStatus, string>,

  list: {
    empty: 'Qui non c’è niente.',
    reading: 'Si legge…',
    failed: 'L’elenco non si è potuto aggiornare: quello che si vede è di prima.',
    waiting: (n: number) => forms(n, '1 nuova PEC – mostra', `${n} nuove PEC – mostra`),
    arrived: (n: number) => forms(n, 'È arrivata 1 nuova PEC', `Sono arrivate ${n} nuove PEC`),
    selected: (n: number) => forms(n, '1 selezionata', `${n} selezionate`),
    selectNone: 'Togli la selezione',
    next: 'Riga seguente', previous: 'Riga precedente', first: 'Prima riga', last: 'Ultima riga', open: 'Apri', back: 'Torna all’elenco',
    select: 'Seleziona', extendDown: 'Estendi in giù', extendUp: 'Estendi in su',
    due: (at: string) => `Scade il ${at}`,
    overdue: (at: string) => `Scaduta il ${at}`,
    attachments: (n: number) => forms(n, '1 allegato', `${n} allegati`),
    gone: (status: string, office: string) => (office ? `${status} – ${office}` : status),
  },

  desk: {
    title: 'Smistamento',
    splits: { toSort: 'Da smistare', proposed: 'Proposte', doubtful: 'Anomalie e dubbi', ordinary: 'Non certificata', repeated: 'Duplicati', late: 'In ritardo', moved: 'Smistate oggi' },
    splitsLabel: 'Parti della posta',
    search: 'Cerca',
    searchPlaceholder: 'Oggetto o mittente (3 lettere)',
    allMailboxes: 'Tutte le caselle',
    mailbox: 'Casella',
    oldestFirst: 'Le più vecchie prima',
    sort: 'Smista',
    sortMany: (n: number) => forms(n, 'Smista 1 PEC', `Smista ${n} PEC`),
    sortTo: (office: string) => `Smista a ${office}`,
    officeSearch: 'Ufficio competente',
    officePlaceholder: 'Lettere del nome o del codice',
    note: 'Nota per l’ufficio',
    sorted: (office: string) => `Smistata a ${office}`,
    sortedMany: (n: number, office: string) => forms(n, `1 PEC smistata a ${office}`, `${n} PEC smistate a ${office}`),
    sortedNotAll: (done: number, all: number) => `${done} di ${all} smistate: le altre restano in elenco`,
    undone: 'Di nuovo da smistare',
    notUndone: (why: string) => `Non si può annullare: ${why}`,
    refused: (why: string) => `Non smistata: ${why}`,
    nothingRead: 'Scegliere una PEC dall’elenco.',
    allDone: 'Niente da smistare.',
    suggested: 'Uffici suggeriti',
    reasons: {
      RULE: (_count: number, _of: number) => 'una regola la manderebbe qui',
      SENDER: (count: number, of: number) => `${count} su ${of} di questo mittente`,
      DOMAIN: (count: number, of: number) => `${count} su ${of} di questo dominio`,
      OFTEN: (_count: number, _of: number) => 'fra i più usati',
    },
  },

  message: {
    from: 'Da', to: 'A', cc: 'Cc', received: 'Ricevuta', certified: 'Certificata', mailbox: 'Casella', office: 'Ufficio', status: 'Stato',
    text: 'Testo del messaggio',
    blocked: (n: number) => forms(n, '1 immagine esterna bloccata', `${n} immagini esterne bloccate`),
    showPictures: 'Mostra per questo messaggio',
    attachments: 'Allegati',
    certification: 'Dati di certificazione',
    provider: 'Gestore', identifier: 'Identificativo', signer: 'Firmata da', issuer: 'Rilasciata da', digest: 'Algoritmo', signatureTime: 'Data della firma', revocation: 'Revoca',
    original: 'Busta originale (.eml)',
    sha256: 'SHA-256',
    problems: 'Difetti trovati',
    why: 'Perché è qui', rule: 'Vedi la regola',
    revocations: { good: 'non revocato', revoked: 'revocato', unchecked: 'non controllata' } as Record<string, string>,
    download: (name: string, size: string) => `${name} (${size})`,
    openCase: 'Apri la pratica',
    lookers: (names: string) => `In esame da ${names}`,
  },

  conflict: {
    told: (what: string, who: string, at: string) => `${what} da ${who} alle ${at}`,
  },

  cases: {
    title: 'Pratiche', number: (number: string) => `Pratica ${number}`, notFound: 'Questa pratica non c’è, o non la puoi vedere.',
    anyStatus: 'Ogni stato', anyOffice: 'Ogni ufficio', anyUrgency: 'Ogni scadenza', urgency: 'Scadenza', from: 'Ricevute dal', until: 'Ricevute fino al',
    order: 'Ordine', orders: { RECEIVED_AT: 'Ultime ricevute', CHANGED_AT: 'Ultime cambiate', DUE_AT: 'Prime a scadere' },
  },
};

export type Words = typeof it;
