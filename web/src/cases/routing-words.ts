// The texts that say why a case stands where it is.

import type { RoutingWhy, VerdictStatus } from '../generated/graphql';

interface Parts {
  by: string;
  office: string;
}

const it = {
  why: {
    RULE: ({ by, office }: Parts) => `regola «${by}»: a ${office}`,
    MAILBOX: ({ by, office }: Parts) => `la casella ${by} è di ${office}`,
    NO_RULE: () => 'nessuna regola corrisponde: da smistare',
    NOT_TO_TRUST: () => '',
    IMPORTED: () => 'importata, nessuna regola corrisponde: da smistare',
    OWN: () => 'aperta dall’ufficio',
    SORTED: ({ office }: Parts) => `smistata a ${office}`,
    RETURNED: ({ by }: Parts) => `restituita da ${by}`,
    TAKEN_BACK: () => 'ritirata dallo smistamento',
    OTHER: () => '',
  } satisfies Record<RoutingWhy, (parts: Parts) => string>,
  doubts: {
    VALID: '', ALTERED: 'il contenuto non è quello firmato dal gestore', IMITATION: 'si presenta come PEC ma non è firmata', UNTRUSTED: 'firma di un gestore non riconosciuto',
    EXPIRED: 'certificato del gestore non valido alla data del messaggio', UNSIGNED: 'posta ordinaria, non certificata', UNVERIFIABLE: 'firma non verificabile',
  } satisfies Record<VerdictStatus, string>,
  attention: (doubt: string) => `attenzione: ${doubt}`,
};

const en: typeof it = {
  why: {
    RULE: ({ by, office }) => `rule “${by}”: to ${office}`,
    MAILBOX: ({ by, office }) => `mailbox ${by} belongs to ${office}`,
    NO_RULE: () => 'no rule holds: to be sorted',
    NOT_TO_TRUST: () => '',
    IMPORTED: () => 'imported, no rule holds: to be sorted',
    OWN: () => 'opened by the office',
    SORTED: ({ office }) => `sorted to ${office}`,
    RETURNED: ({ by }) => `returned by ${by}`,
    TAKEN_BACK: () => 'taken back by the sorting desk',
    OTHER: () => '',
  },
  doubts: {
    VALID: '', ALTERED: 'the content is not what the provider signed', IMITATION: 'it presents itself as a PEC and is not signed', UNTRUSTED: 'signed by a provider that is not recognised',
    EXPIRED: 'the provider’s certificate was not valid at the message’s time', UNSIGNED: 'ordinary mail, not certified', UNVERIFIABLE: 'the signature cannot be verified',
  },
  attention: (doubt) => `attention: ${doubt}`,
};

export type RoutingWords = typeof it;
export const words = { it, en };
