// Whether the program answers, mail comes in, and something is behind.

import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Waiting } from '../../shell/states';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { minutesSince, useMailboxes } from '../mailboxes/mailboxes';
import { Fact, State, Unanswered } from '../parts';
import { useTroubles } from '../troubles/troubles';
import { words as common } from '../words';
import { readHealth, slowest } from './health';
import css from './system.module.css';
import { words } from './words';

const again = 15_000;

export function System() {
  const { dates } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const health = useQuery({ queryKey: ['health'], queryFn: ({ signal }) => readHealth(signal), refetchInterval: again });
  const { data: boxes } = useMailboxes();
  const { data: troubles } = useTroubles();
  if (!health.data || !boxes) {
    return health.error ? <Unanswered again={() => void health.refetch()} /> : <Waiting />;
  }
  const folders = boxes.flatMap((b) => b.folders.nodes);
  const sum = (figure: 'waiting' | 'quarantined' | 'missing' | 'archived'): number => folders.reduce((n, f) => n + f[figure], 0);
  const failing = boxes.filter((b) => b.health !== 'OK').length;
  const late = slowest(boxes);
  const zero = (n: number) => (n > 0 ? <State tone="bad">{dates.number(n)}</State> : <State tone="good">0</State>);
  return (
    <>
      <p className={shared.said}>{w.said}</p>
      <section className={css.part}>
        <h2>{w.program}</h2>
        <dl className={shared.facts}>
          {health.data.map((check) => (
            <Fact key={check.name} name={w.checks[check.name] ?? check.name}>
              <State tone={check.ok ? 'good' : 'bad'}>{check.ok ? w.checkOk : w.checkFailed}</State>
            </Fact>
          ))}
        </dl>
      </section>
      <section className={css.part}>
        <h2>{w.mail}</h2>
        <dl className={shared.facts}>
          <Fact name={w.mailboxes}><Link href="/admin/mailboxes"><State tone={failing > 0 ? 'bad' : 'good'}>{failing > 0 ? w.someFail(failing, boxes.length) : w.allWell(boxes.length)}</State></Link></Fact>
          {late?.checkedAt && <Fact name={w.lag}>{w.lagOf(minutesSince(late.checkedAt), late.address)}</Fact>}
          <Fact name={w.waiting}>{dates.number(sum('waiting'))}</Fact>
          <Fact name={w.archived}>{dates.number(sum('archived'))}</Fact>
          <Fact name={w.setAside}>{zero(sum('quarantined'))}</Fact>
          <Fact name={w.missing}>{zero(sum('missing'))}</Fact>
        </dl>
      </section>
      <section className={css.part}>
        <h2>{w.work}</h2>
        <dl className={shared.facts}>
          <Fact name={c.sections.troubles}>
            <Link href="/admin/troubles">
              {troubles && troubles.list.length > 0 ? <State tone="bad">{dates.number(troubles.list.length)}{troubles.more && '+'}</State> : <State tone="good">{w.none}</State>}
            </Link>
          </Fact>
        </dl>
      </section>
      <p className={shared.said}>{w.elsewhere}</p>
    </>
  );
}
