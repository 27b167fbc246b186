// The commands that may be given on cases now: one list, which keys, menus, buttons
// and the palette all read.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useLocation } from 'wouter';
import { ask } from '../api/ask';
import { CaseAnswerableDocument, CaseMayDocument, CasesMayDocument, ReplyStartDocument, type CaseMayFragment, type ReplyManner } from '../generated/graphql';
import { caseAddress } from '../shell/address';
import { useHouse } from '../shell/house';
import type { IconName } from '../shell/icon';
import type { Command } from '../shell/keys';
import { useToast } from '../shell/toasts';
import { isMail } from '../message/message';
import { useSpeech, useWords } from '../words/words';
import { ofMany, type Doing } from './acts';
import { useCasework, type Following } from './casework';
import { told, whyOf } from './refusal';
import { words } from './words';

/** A command on a case, with its picture. */
export interface CaseCommand extends Command {
  does: Doing | ReplyManner;
  icon: IconName;
}

/** Acts in the order of menus: what is done most stands first. */
const acts: readonly { does: Doing; icon: IconName; keys?: Command['keys'] }[] = [
  { does: 'SORT', icon: 'sort', keys: { simple: 'a', gmail: 'v' } },
  { does: 'ASSIGN', icon: 'person', keys: { simple: 'a', gmail: 'v' } },
  { does: 'UNASSIGN', icon: 'undo' },
  { does: 'TAKE', icon: 'check', keys: { simple: 't', gmail: 't' } },
  { does: 'CLOSE', icon: 'archive', keys: { simple: 'e', gmail: 'e' } },
  { does: 'NOTE', icon: 'note', keys: { simple: 'n', gmail: 'n' } },
  { does: 'REOPEN', icon: 'refresh' },
  { does: 'PRIORITISE', icon: 'star', keys: { simple: 'u', gmail: '+' } },
  { does: 'CLAIM', icon: 'lock', keys: { simple: 'c', gmail: 'c' } },
  { does: 'WANT_CLAIM', icon: 'lock', keys: { simple: 'c', gmail: 'c' } },
  { does: 'RELEASE', icon: 'lock', keys: { simple: 'c', gmail: 'c' } },
  { does: 'REMIND', icon: 'clock' },
  { does: 'ASK', icon: 'question' },
  { does: 'INFORM', icon: 'eye' },
  { does: 'RETURN', icon: 'undo' },
  { does: 'TAKE_BACK', icon: 'undo' },
  { does: 'RESERVE', icon: 'shield' },
  { does: 'UNRESERVE', icon: 'shield' },
  { does: 'MERGE', icon: 'inbox' },
  { does: 'UNMERGE', icon: 'inbox' },
  { does: 'FOLLOW', icon: 'star' },
  { does: 'UNFOLLOW', icon: 'star' },
  { does: 'BREAK_GLASS', icon: 'eye' },
];

const manners: readonly { manner: ReplyManner; title: 'reply' | 'replyAll' | 'forward' | 'write'; icon: IconName; keys?: Command['keys'] }[] = [
  { manner: 'REPLY', title: 'reply', icon: 'reply', keys: { simple: 'r', gmail: 'r' } },
  { manner: 'REPLY_ALL', title: 'replyAll', icon: 'reply', keys: { gmail: 'a' } },
  { manner: 'FORWARD', title: 'forward', icon: 'send', keys: { simple: 'i', gmail: 'f' } },
  { manner: 'NEW', title: 'write', icon: 'mail' },
];

/** Whether an act may be done to a case, as its facts stand now. */
export function may(does: Doing, on: CaseMayFragment): boolean {
  switch (does) {
    case 'CLAIM': return on.mayDo.includes('CLAIM') && (!on.claim || (!on.claim.mine && on.claim.wanted)); // who asked for it in vain takes it
    case 'WANT_CLAIM': return on.mayDo.includes('CLAIM') && on.claim !== null && !on.claim.mine && !on.claim.wanted;
    case 'RELEASE': return on.mayDo.includes('RELEASE') && on.claim?.mine === true;
    case 'KEEP_CLAIM': return on.mayDo.includes('CLAIM') && on.claim?.mine === true;
    case 'FOLLOW': return on.mayDo.includes('FOLLOW') && !on.followed;
    case 'UNFOLLOW': return on.mayDo.includes('UNFOLLOW') && on.followed;
    case 'UNRESERVE': return on.mayDo.includes('UNRESERVE') && on.reserved;
    case 'BREAK_GLASS': return on.mayDo.includes('BREAK_GLASS') && !on.readable;
    default: return on.mayDo.includes(does);
  }
}

const nothing: readonly CaseMayFragment[] = [];

/** What may be done to cases; undefined until it is known. */
function useMay(ids: readonly string[]): readonly CaseMayFragment[] | undefined {
  const { rows } = useHouse();
  // A change of a case changes what may be done to it, and raises its version.
  const versions = useSyncExternalStore(
    useCallback((changed) => {
      const stops = ids.length > 1 ? ids.map((id) => rows.watch(id, changed)) : [];
      return () => stops.forEach((stop) => stop());
    }, [rows, ids]),
    () => (ids.length > 1 ? ids.map((id) => `${id}.${rows.get(id)?.version}`).join(' ') : ''),
  );
  const [one] = ids;
  const { data } = useQuery({
    queryKey: ids.length === 1 ? ['case', one, 'may'] : ['may', versions],
    enabled: ids.length > 0,
    placeholderData: ids.length > 1 ? keepPreviousData : undefined,
    queryFn: async ({ signal }) => {
      const found = ids.length === 1 ? [(await ask(CaseMayDocument, { id: one! }, signal)).node] : (await ask(CasesMayDocument, { ids: ids.slice(0, 100) }, signal)).nodes;
      return found.filter((n): n is CaseMayFragment => n !== null && 'mayDo' in n);
    },
  });
  return ids.length > 0 ? data : nothing;
}

/** The commands that may be given on these cases, on all of them; and whether that is known already. */
export function useCaseCommands(ids: readonly string[], following?: Following): { commands: readonly CaseCommand[]; known: boolean } {
  const { t } = useSpeech();
  const w = useWords(words);
  const { begin } = useCasework();
  const start = useReplyStart();
  const cases = useMay(ids);
  return useMemo(() => {
    if (!cases || cases.length === 0) {
      return { commands: [], known: cases !== undefined };
    }
    const possible = acts.filter(({ does }) => (ids.length === 1 || ofMany.has(does)) && cases.every((c) => may(does, c)));
    const group = t.groups.case;
    const done: CaseCommand[] = possible.map(({ does, icon, keys }) => ({
      // Where a case may be assigned, its key assigns; sorting it again has none.
      id: `case ${does}`, does, icon, group, title: does === 'RESERVE' && cases[0]?.reserved ? w.readers : w.acts[does], ofRow: true,
      keys: does === 'SORT' && possible.some((p) => p.does === 'ASSIGN') ? undefined : keys,
      run: () => begin(does, ids, following),
    }));
    const [one] = ids;
    if (ids.length === 1 && one !== undefined && cases[0]!.mayDo.includes('WRITE')) {
      const written = manners.map(({ manner, title, icon, keys }): CaseCommand => ({
        id: `case ${manner}`, does: manner, icon, keys, group, title: w[title], ofRow: true, run: () => void start(one, manner),
      }));
      const at = done.findIndex((c) => c.does === 'CLOSE' || c.does === 'NOTE');
      done.splice(at < 0 ? done.length : at, 0, ...written);
    }
    return { commands: done, known: true };
  }, [cases, ids, t, w, begin, following, start]);
}

/** Begins a reply to the last e-mail that came in a case, or to a given one, and leads to where it is written. */
export function useReplyStart(): (caseId: string, manner: ReplyManner, messageId?: string) => Promise<void> {
  const { rows } = useHouse();
  const toast = useToast();
  const speech = useSpeech();
  const w = useWords(words);
  const [, navigate] = useLocation();
  return useCallback(async (caseId, manner, messageId) => {
    try {
      const about = messageId ?? (manner === 'NEW' ? null : await lastCame(caseId));
      if (about === undefined) {
        toast({ tone: 'trouble', text: w.noMessage });
        return;
      }
      const { replyStart } = await ask(ReplyStartDocument, { input: { caseId, manner, messageId: about } });
      const row = rows.get(caseId);
      if (replyStart.reply && row) {
        navigate(`${caseAddress(row.number)}?reply=${replyStart.reply.id}`);
      } else {
        toast({ tone: 'trouble', text: w.refused(w.reply, told(replyStart.userErrors, speech)) });
      }
    } catch (failure) {
      toast({ tone: 'trouble', text: w.refused(w.reply, whyOf(failure, speech.t)) });
    }
  }, [rows, toast, speech, w, navigate]);
}

/** The last e-mail that came in a case. */
async function lastCame(caseId: string): Promise<string | undefined> {
  const { node } = await ask(CaseAnswerableDocument, { id: caseId });
  return node && 'messages' in node ? node.messages.nodes.findLast((m) => m.direction === 'INCOMING' && isMail(m))?.id : undefined;
}
