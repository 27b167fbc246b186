import { forms } from '../words/it';

const plurals = new Intl.PluralRules('en');

const it = {
  place: (at: number, of: number) => `Allegato ${at} di ${of}`,
  previous: 'Allegato precedente',
  next: 'Allegato successivo',
  close: 'Chiudi gli allegati',
  backTo: (name: string) => `Torna a ${name}`,
  download: 'Scarica',
  print: 'Stampa',
  group: 'Allegato',
  opening: (name: string) => `Si apre ${name}…`,
  read: (done: string, all: string) => `Letti ${done} di ${all}`,
  failed: 'L’allegato non si può leggere adesso.',
  gone: 'Questo allegato non c’è, o non lo puoi vedere.',
  unknown: 'Questo tipo di file non si può mostrare qui.',
  unknownTold: 'Si può scaricare com’è arrivato e aprire con un programma adatto, se il mittente è fidato.',
  type: 'Tipo', size: 'Dimensione', sha256: 'SHA-256', name: 'Nome',
  cut: (size: string) => `Il file è lungo: qui se ne vedono i primi ${size}. Per il resto bisogna scaricarlo.`,

  zoomIn: 'Ingrandisci', zoomOut: 'Riduci', fit: 'Adatta', scale: (percent: number) => `${percent}%`,
  rotate: 'Ruota', toolbar: 'Strumenti',
  picture: (name: string) => `Immagine: ${name}`,
  brokenPicture: 'Questa immagine è danneggiata, o non è un’immagine.',

  pages: 'Pagine del documento',
  page: 'Pagina', ofPages: (n: number) => `di ${n}`, pageNumber: (n: number) => `Pagina ${n}`,
  previousPage: 'Pagina precedente', nextPage: 'Pagina successiva',
  search: 'Cerca nel documento',
  found: (at: number, of: number) => (of === 0 ? 'Nessun risultato' : `${at} di ${of}`),
  previousFound: 'Risultato precedente', nextFound: 'Risultato successivo',
  locked: 'Il documento è protetto da una password.',
  lockedTold: 'Di solito il mittente la comunica a parte. Non viene conservata né inviata al server.',
  password: 'Password del documento', wrongPassword: 'Non è questa la password.', unlock: 'Apri',
  broken: 'Questo PDF è danneggiato, o non è un PDF.',
  brokenTold: 'Si può scaricare com’è arrivato; se serve, chiedere al mittente di inviarlo di nuovo.',
  printing: (page: number, of: number) => `Si prepara la stampa: pagina ${page} di ${of}`,
  stopPrinting: 'Interrompi',

  text: 'Testo', table: 'Tabella',
  rows: (n: number) => forms(n, '1 riga', `${n} righe`),

  nestedTold: 'Messaggio allegato: la sua firma non è stata verificata. Quello che si vede è ciò che il messaggio dice di sé.',
  sent: 'Inviata il',
  notMail: 'Questo file si chiama come un messaggio, ma non lo è.',
};

const en: typeof it = {
  place: (at, of) => `Attachment ${at} of ${of}`,
  previous: 'Previous attachment',
  next: 'Next attachment',
  close: 'Close attachments',
  backTo: (name) => `Back to ${name}`,
  download: 'Download',
  print: 'Print',
  group: 'Attachment',
  opening: (name) => `Opening ${name}…`,
  read: (done, all) => `Read ${done} of ${all}`,
  failed: 'The attachment cannot be read now.',
  gone: 'There is no such attachment, or you may not see it.',
  unknown: 'Files of this type cannot be shown here.',
  unknownTold: 'It can be downloaded as it came and opened with a suitable program, if you trust the sender.',
  type: 'Type', size: 'Size', sha256: 'SHA-256', name: 'Name',
  cut: (size) => `The file is long: its first ${size} are shown. Download it for the rest.`,

  zoomIn: 'Zoom in', zoomOut: 'Zoom out', fit: 'Fit', scale: (percent) => `${percent}%`,
  rotate: 'Rotate', toolbar: 'Tools',
  picture: (name) => `Picture: ${name}`,
  brokenPicture: 'This picture is damaged, or is no picture.',

  pages: 'Pages of the document',
  page: 'Page', ofPages: (n) => `of ${n}`, pageNumber: (n) => `Page ${n}`,
  previousPage: 'Previous page', nextPage: 'Next page',
  search: 'Search the document',
  found: (at, of) => (of === 0 ? 'Nothing found' : `${at} of ${of}`),
  previousFound: 'Previous result', nextFound: 'Next result',
  locked: 'The document is protected by a password.',
  lockedTold: 'The sender usually tells it separately. It is neither kept nor sent to the server.',
  password: 'Password of the document', wrongPassword: 'This is not the password.', unlock: 'Open',
  broken: 'This PDF is damaged, or is no PDF.',
  brokenTold: 'It can be downloaded as it came; if need be, ask the sender to send it again.',
  printing: (page, of) => `Preparing to print: page ${page} of ${of}`,
  stopPrinting: 'Stop',

  text: 'Text', table: 'Table',
  rows: (n) => (plurals.select(n) === 'one' ? '1 row' : `${n} rows`),

  nestedTold: 'An attached message: its signature was not verified. What you see is what it says of itself.',
  sent: 'Sent',
  notMail: 'This file is called like a message, but is none.',
};

export const words = { it, en };
