// Which banner stands above a message: the gravest thing that is known of it.

import type { MessageDirection, MessageKind, VerdictStatus } from '../generated/graphql';

export interface Judged {
  kind: MessageKind;
  direction: MessageDirection;
  verdict: { status: VerdictStatus; revocation: string; reasons: readonly { code: string; detail: string }[] };
  certification?: { error: string } | null;
}

export type Banner = 'sent' | 'virus' | 'altered' | 'imitation' | 'revoked' | 'untrusted' | 'expired' | 'unverifiable' | 'anomaly' | 'ordinary' | 'certified';

export function judge({ kind, direction, verdict, certification }: Judged): { tone: 'good' | 'notice' | 'grave'; label: Banner } {
  if (kind === 'VIRUS_NOTICE' || certification?.error === 'virus') {
    return { tone: 'grave', label: 'virus' };
  }
  if (direction === 'OUTGOING' && verdict.status === 'UNSIGNED') { // the provider signs it on its way: receipts prove it
    return { tone: 'good', label: 'sent' };
  }
  switch (verdict.status) {
    case 'ALTERED':
      return { tone: 'grave', label: 'altered' };
    case 'IMITATION':
      return { tone: 'grave', label: 'imitation' };
    case 'UNTRUSTED':
      return { tone: 'grave', label: verdict.revocation === 'revoked' ? 'revoked' : 'untrusted' };
    case 'EXPIRED':
      return { tone: 'notice', label: 'expired' };
    case 'UNVERIFIABLE':
      return { tone: 'notice', label: 'unverifiable' };
    case 'UNSIGNED':
      return { tone: 'notice', label: 'ordinary' };
    case 'VALID': // of an anomaly it is the provider's envelope that is signed, not the mail
      return kind === 'ANOMALY' ? { tone: 'notice', label: 'anomaly' } : { tone: 'good', label: 'certified' };
  }
}
