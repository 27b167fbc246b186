import type { MailboxCheckMutation } from '../../generated/graphql';
import { useWords } from '../../words/words';
import { Raw, State } from '../parts';
import css from './mailboxes.module.css';
import { words } from './words';
import { groupBy } from '../../shell/group-by';

export type Step = MailboxCheckMutation['mailboxCheck']['steps'][number];

/** How far a try of a mailbox came, server by server, in words. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const w = useWords(words);
  return (
    <div>
      {[...groupBy(steps, (s) => s.server)].map(([server, list]) => (
        <section key={server} className={css.steps}>
          <h3>{w.servers[server]}</h3>
          <ol className={css.steps}>
            {list.map((s) => (
              <li key={s.stage}>
                <State tone={s.ok ? 'good' : 'bad'}>{w.stages[s.stage]}: {s.ok ? w.stepOk : w.stepFailed}</State>
                {s.text && <p>{s.text}</p>}
                {s.detail && <Raw text={s.detail} />}
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
