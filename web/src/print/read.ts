// A case with everything that its print holds.

import { ask } from '../api/ask';
import { CasePrintedDocument, TextsPrintedDocument, type CasePrintedQuery, type MessagePrintedFragment } from '../generated/graphql';
import type { Enclosed } from '../viewers/kinds';

export interface Printed {
  case: NonNullable<CasePrintedQuery['caseByNumber']>;
  /** What is a message of its own, the oldest first, each with the receipts that certify it. */
  letters: { message: MessagePrintedFragment; text: string; files: Enclosed[]; receipts: MessagePrintedFragment[] }[];
  /** Receipts of what is not here. */
  others: MessagePrintedFragment[];
}

const saying = ['ENVELOPE', 'ANOMALY', 'ORDINARY'];
/** How many texts are asked for at once. */
const some = 20;

export async function readPrinted(number: string, signal: AbortSignal): Promise<Printed | null> {
  const messages: MessagePrintedFragment[] = [];
  for (let after: string | null = null; ; ) {
    const { caseByNumber: found }: CasePrintedQuery = await ask(CasePrintedDocument, { number, after }, signal);
    if (!found) {
      return null;
    }
    messages.push(...found.messages.nodes);
    after = found.messages.pageInfo.endCursor;
    if (!found.messages.pageInfo.hasNextPage || after === null) {
      return arranged(found, messages, signal);
    }
  }
}

async function arranged(found: Printed['case'], messages: readonly MessagePrintedFragment[], signal: AbortSignal): Promise<Printed> {
  const letters = messages.filter((m) => saying.includes(m.kind));
  const texts = new Map<string, string>();
  for (let i = 0; i < letters.length; i += some) {
    const { nodes } = await ask(TextsPrintedDocument, { ids: letters.slice(i, i + some).map((m) => m.id) }, signal);
    nodes.forEach((n) => n && 'text' in n && texts.set(n.id, n.text ?? ''));
  }
  const ids = new Set(letters.map((m) => m.id));
  const receipts = messages.filter((m) => !saying.includes(m.kind));
  return {
    case: found,
    letters: letters.map((message) => ({
      message,
      text: texts.get(message.id) ?? '',
      files: message.attachments.nodes.map((a) => ({ ...a, size: Number(a.size) })),
      receipts: receipts.filter((r) => r.receiptOf?.id === message.id),
    })),
    others: receipts.filter((r) => !r.receiptOf || !ids.has(r.receiptOf.id)),
  };
}
