// What the receipts of a PEC that we sent say, step by step.

import type { DeliveryState } from '../generated/graphql';
import { forms } from '../words/it';

const it = {
  title: 'Ricevute', summary: (done: number, all: number) => (done === all ? forms(all, 'Consegnata', `Consegnata a tutti e ${all}`) : `Consegnata a ${done} di ${all}`),
  copy: 'Cc', download: (what: string, who: string) => `Scarica la ricevuta: ${what}, ${who}`, receipt: 'ricevuta',
  steps: {
    PENDING: 'Inviata', ACCEPTED: 'Accettata', TAKEN: 'Presa in carico', DELIVERED: 'Consegnata', NOT_DELIVERED: 'Mancata consegna', NOT_ACCEPTED: 'Non accettata',
  } satisfies Record<DeliveryState, string>,
  warned: 'Preavviso di mancata consegna', ordinary: 'Nessuna ricevuta prevista: indirizzo di posta ordinaria', waits: { PENDING: 'Invio da confermare', ACCEPTED: 'In attesa di accettazione', DELIVERED: 'In attesa di consegna' } as Partial<Record<DeliveryState, string>>,
  missing: { ACCEPTANCE: 'La ricevuta di accettazione non è arrivata nei tempi previsti', DELIVERY: 'La ricevuta di consegna non è arrivata nei tempi previsti' },
  differs: 'La ricevuta completa non contiene ciò che è stato inviato', doubt: 'La firma della ricevuta non è valida', reason: (text: string) => `Motivo: ${text}`,
};

const en: typeof it = {
  title: 'Receipts', summary: (done, all) => (done === all ? (all === 1 ? 'Delivered' : `Delivered to all ${all}`) : `Delivered to ${done} of ${all}`),
  copy: 'Cc', download: (what, who) => `Download the receipt: ${what}, ${who}`, receipt: 'receipt',
  steps: { PENDING: 'Sent', ACCEPTED: 'Accepted', TAKEN: 'Taken in charge', DELIVERED: 'Delivered', NOT_DELIVERED: 'Not delivered', NOT_ACCEPTED: 'Not accepted' },
  warned: 'Warning of failed delivery', ordinary: 'No receipt to expect: not a certified address', waits: { PENDING: 'Sending to be confirmed', ACCEPTED: 'Acceptance is awaited', DELIVERED: 'Delivery is awaited' },
  missing: { ACCEPTANCE: 'The receipt of acceptance is overdue', DELIVERY: 'The receipt of delivery is overdue' },
  differs: 'The complete receipt does not hold what was sent', doubt: 'The signature of the receipt does not hold', reason: (text) => `Reason: ${text}`,
};

export const words = { it, en };
