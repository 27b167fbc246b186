// The head of a draft: from where, to whom, about what, and with which receipt.

import { Checkbox } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { ask } from '../api/ask';
import { ReplyRecipientsDocument, SendingMailboxesDocument, type ReceiptType, type ReplyMetaFragment } from '../generated/graphql';
import { useWords } from '../words/words';
import { Recipients, type Systems } from './recipients';
import css from './reply.module.css';
import type { DraftOnScreen } from './use-draft';
import { words } from './words';

const none: Systems = new Map();

/** What is known of the recipients; asked when they are saved, since the server knows of saved ones. */
function useSystems(id: string, { state, fields }: DraftOnScreen): Systems {
  const addresses = [...fields.to, ...fields.cc].map((a) => a.address.toLowerCase()).sort();
  const { data } = useQuery({
    queryKey: ['recipients', id, addresses.join(' ')],
    enabled: state.kind === 'saved' && addresses.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Systems> => {
      const { node } = await ask(ReplyRecipientsDocument, { id }, signal);
      return new Map(node && 'preview' in node ? node.preview?.recipients.map((r) => [r.address, r.system]) : []);
    },
  });
  return data ?? none;
}

export interface Sending {
  id: string;
  address: string;
  sizeLimit: number;
}

/** The mailboxes that a draft may leave from; the one that is chosen is always among them. */
export function useMailboxes(reply: ReplyMetaFragment): readonly Sending[] {
  const { data = [] } = useQuery({
    queryKey: ['mailboxes', 'sending'],
    queryFn: async ({ signal }) => (await ask(SendingMailboxesDocument, {}, signal)).mailboxes.nodes,
  });
  const fit = data.filter((m) => m.sends && (m.office === null || m.office.id === reply.case?.office?.id || reply.answers && m.id === reply.case?.mailbox?.id));
  const all = fit.some((m) => m.id === reply.mailbox.id) ? fit : [reply.mailbox, ...fit];
  return all.map((m) => ({ id: m.id, address: m.address, sizeLimit: Number(m.sizeLimit) }));
}

export function Fields({ reply, on, mailboxes }: { reply: ReplyMetaFragment; on: DraftOnScreen; mailboxes: readonly Sending[] }) {
  const w = useWords(words);
  const id = useId();
  const { draft, fields } = on;
  const disabled = on.looking !== undefined;
  const systems = useSystems(reply.id, on);
  const [wantsCc, setWantsCc] = useState(false);
  const showsCc = wantsCc || fields.cc.length > 0;
  return (
    <div className={css.fields}>
      <div className={css.field}>
        <label htmlFor={`${id}from`}>{w.from}</label>
        {mailboxes.length > 1
          ? (
            <select id={`${id}from`} disabled={disabled} value={fields.mailboxId} onChange={(e) => draft.change({ mailboxId: e.currentTarget.value })}>
              {mailboxes.map((m) => <option key={m.id} value={m.id}>{m.address}</option>)}
            </select>
          )
          : <output id={`${id}from`}>{mailboxes[0]?.address}</output>}
      </div>
      <Recipients
        label={w.to} list={fields.to} change={(to) => draft.change({ to })} systems={systems} disabled={disabled} focus={fields.to.length === 0}
        beside={!showsCc && <button type="button" className={css.more} disabled={disabled} onClick={() => setWantsCc(true)}>{w.cc}</button>}
      />
      {showsCc && (
        <Recipients
          label={w.cc} list={fields.cc} systems={systems} disabled={disabled} focus={wantsCc}
          change={(cc) => {
            setWantsCc(true); // the line stays, also when it becomes empty
            draft.change({ cc });
          }}
        />
      )}
      <div className={css.field}>
        <label htmlFor={`${id}subject`}>{w.subject}</label>
        <input id={`${id}subject`} type="text" maxLength={900} disabled={disabled} value={fields.subject} onChange={(e) => draft.change({ subject: e.currentTarget.value })} />
      </div>
      <div className={css.options}>
        <label htmlFor={`${id}receipt`}>{w.receipt}</label>
        <select id={`${id}receipt`} title={w.receiptTold[fields.receiptType]} disabled={disabled} value={fields.receiptType} onChange={(e) => draft.change({ receiptType: e.currentTarget.value as ReceiptType })}>
          {(Object.keys(w.receipts) as ReceiptType[]).map((r) => <option key={r} value={r}>{w.receipts[r]}</option>)}
        </select>
        {reply.manner !== 'FORWARD' && (
          <Checkbox size="sm" label={w.concludes} disabled={disabled} checked={fields.concludes} onChange={(e) => draft.change({ concludes: e.currentTarget.checked })} />
        )}
      </div>
    </div>
  );
}
