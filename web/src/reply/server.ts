// A draft's way to the server.

import { ask } from '../api/ask';
import { ReplySaveDocument, ReplyTextDocument, type ReplyTextQuery } from '../generated/graphql';
import type { Saved, Server } from './draft';

type Text = Extract<NonNullable<ReplyTextQuery['node']>, { html: unknown }>;

/** Reads what a draft says; that stands in the register where it quotes a message. */
export async function readText(id: string, signal?: AbortSignal): Promise<Saved | null> {
  const { node } = await ask(ReplyTextDocument, { id }, signal);
  return node && 'html' in node ? savedOf(node) : null;
}

function savedOf(r: Text): Saved {
  return {
    version: r.version, by: r.editedBy.name, at: r.editedAt,
    said: { mailboxId: r.mailbox.id, to: r.to, cc: r.cc, subject: r.subject, html: r.html ?? '', receiptType: r.receiptType, concludes: r.concludes },
  };
}

export function serverFor(replyId: string): Server {
  return {
    save: async (version, said) => {
      const { replySave: saved } = await ask(ReplySaveDocument, { input: { replyId, version, ...said } });
      const [error] = saved.userErrors;
      if (error) {
        return { kind: error.code === 'STALE' ? 'stale' : 'refused', message: error.message };
      }
      return saved.reply ? { kind: 'saved', version: saved.reply.version, at: saved.reply.editedAt } : { kind: 'refused', message: '' };
    },
    read: () => readText(replyId),
  };
}
