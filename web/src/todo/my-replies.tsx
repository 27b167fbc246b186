import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask } from '../api/ask';
import { ToDoRepliesDocument } from '../generated/graphql';
import { caseAddress } from '../shell/address';
import { Icon } from '../shell/icon';
import { useNow } from '../shell/now';
import { useSpeech, useWords } from '../words/words';
import { sentBack } from './groups';
import css from './todo.module.css';
import { words } from './words';

/** What the person writes or has on its way, on whatever case. */
export function MyReplies() {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const now = useNow();
  const { data: replies = [] } = useQuery({
    queryKey: ['replies', 'mine'],
    queryFn: async ({ signal }) => (await ask(ToDoRepliesDocument, {}, signal)).replies.nodes,
  });
  if (replies.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="my-replies">
      <h2 id="my-replies">{w.replies} <span className={css.count}>{replies.length}</span> <small>{w.repliesNote}</small></h2>
      <ul>
        {replies.map((r) => {
          const refused = r.state === 'DRAFT' ? sentBack(r.approvals) : null;
          const isBad = refused !== null || r.state === 'REFUSED' || r.state === 'UNCERTAIN';
          return r.case && (
            <li key={r.id} className={css.item}>
              <Link className={css.open} href={`${caseAddress(r.case.number)}?reply=${r.id}`}>
                <span className={css.next} data-tone={isBad ? 'bad' : undefined}>
                  <Icon name={isBad ? 'warning' : r.state === 'DRAFT' ? 'note' : 'send'} size={16} />
                  <span>{refused ? `${w.sentBack(refused.decidedBy.name)}: ${refused.remark}` : w.replyStates[r.state]}{r.state === 'QUEUED' && r.sendAt && ` · ${w.leaves(dates.clock(r.sendAt))}`}</span>
                </span>
                <b>{r.subject || r.case.subject || t.noSubject}</b>
                <span className={css.facts}>
                  <span>{r.to.map((a) => a.name || a.address).join(', ') || w.toNobody}</span>
                  <span>{r.case.number}</span>
                  <span>{w.edited(dates.brief(r.editedAt, now))}</span>
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
