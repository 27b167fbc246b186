// What stands around a message that is read, and what was verified of it, as a clerk
// would say it.

import type { Banner } from './judge';

type Told = Record<Banner, { title: string; told: string }>;

const it = {
  how: 'Come mostrare il messaggio',
  hows: { html: 'HTML', text: 'Solo testo', source: 'Originale' },
  invert: 'Colori invertiti',
  picturesShown: 'Le immagini esterne sono mostrate per questo messaggio: il server le chiede al posto tuo.',
  notShown: 'Il testo del messaggio non si può mostrare adesso.',
  sourceCut: (part: string, all: string) => `Si vedono i primi ${part} di ${all}.`,
  downloadFile: (name: string) => `Scarica ${name}`,
  picturesWithin: (n: number) => `Immagini nel testo (${n})`,
  moreAttachments: 'Il messaggio ha altri allegati: si trovano nella busta originale.',
  remarks: 'Da sapere',

  banners: {
    sent: { title: 'Inviata da noi', told: 'Le ricevute provano che è stata accettata e consegnata.' },
    certified: { title: 'Posta certificata', told: 'Il gestore ha firmato la busta e la firma è valida.' },
    virus: { title: 'Virus rilevato', told: 'Il gestore ha trovato un virus in questo messaggio. Non aprire allegati che lo riguardano.' },
    altered: { title: 'Contenuto alterato', told: 'Quello che è arrivato non è quello che il gestore ha firmato: il messaggio non ha valore di PEC. Prima di trattarlo va chiesta conferma al mittente per altra via.' },
    imitation: { title: 'Imitazione di una PEC', told: 'Si presenta come posta certificata ma nessun gestore l’ha firmata. Potrebbe essere un inganno: non aprire collegamenti e allegati.' },
    revoked: { title: 'Certificato del gestore revocato', told: 'Chi ha firmato la busta non poteva più farlo. Prima di trattarlo va chiesta conferma al mittente per altra via.' },
    untrusted: { title: 'Gestore non riconosciuto', told: 'La busta è firmata, ma non da un gestore di PEC che conosciamo. Prima di trattarla come PEC va sentito chi amministra il sistema.' },
    expired: { title: 'Certificato del gestore scaduto', told: 'La firma corrisponde al contenuto, ma il certificato del gestore non era valido in quel momento.' },
    unverifiable: { title: 'Firma non verificabile', told: 'La firma della busta non si può leggere o usa metodi non previsti: non sappiamo se il messaggio è integro.' },
    anomaly: { title: 'Busta di anomalia', told: 'Di solito vuol dire che il mittente ha scritto da un indirizzo di posta ordinaria, non certificata. Non è per forza un errore, ma il messaggio non ha valore di PEC.' },
    ordinary: { title: 'Posta non certificata', told: 'È una e-mail ordinaria: nessun gestore ne certifica mittente, data e contenuto.' },
  } satisfies Told as Told,
};

const en: typeof it = {
  how: 'How to show the message',
  hows: { html: 'HTML', text: 'Text only', source: 'Original' },
  invert: 'Inverted colours',
  picturesShown: 'Remote pictures are shown for this message: the server asks for them in your place.',
  notShown: 'The text of the message cannot be shown now.',
  sourceCut: (part, all) => `The first ${part} of ${all} are shown.`,
  downloadFile: (name) => `Download ${name}`,
  picturesWithin: (n) => `Pictures in the text (${n})`,
  moreAttachments: 'The message has more attachments: they are in the original envelope.',
  remarks: 'Good to know',

  banners: {
    sent: { title: 'Sent by us', told: 'Receipts prove that it was accepted and delivered.' },
    certified: { title: 'Certified mail', told: 'The provider signed the envelope, and the signature holds.' },
    virus: { title: 'Virus found', told: 'The provider found a virus in this message. Do not open attachments that concern it.' },
    altered: { title: 'Altered content', told: 'What arrived is not what the provider signed: the message does not count as a PEC. Ask the sender in another way before you act on it.' },
    imitation: { title: 'Imitation of a PEC', told: 'It presents itself as certified mail, but no provider signed it. It may be a deception: do not open links and attachments.' },
    revoked: { title: 'Provider’s certificate revoked', told: 'Whoever signed the envelope was no longer allowed to. Ask the sender in another way before you act on it.' },
    untrusted: { title: 'Unknown provider', told: 'The envelope is signed, but by no PEC provider that we know. Ask your administrator before you treat it as a PEC.' },
    expired: { title: 'Provider’s certificate expired', told: 'The signature fits the content, but the provider’s certificate was not valid at that moment.' },
    unverifiable: { title: 'Signature cannot be verified', told: 'The signature of the envelope cannot be read or uses methods that are not admitted: we do not know whether the message is whole.' },
    anomaly: { title: 'Anomaly envelope', told: 'It usually means that the sender wrote from an ordinary address, not a certified one. It need not be an error, but the message does not count as a PEC.' },
    ordinary: { title: 'Not certified mail', told: 'It is an ordinary e-mail: no provider certifies its sender, date and content.' },
  },
};

export const words = { it, en };
