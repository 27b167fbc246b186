// What runs here, on what it stands, whether mail comes in, and what is behind.

import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask } from '../../api/ask';
import { SystemDocument, type SystemQuery } from '../../generated/graphql';
import { Waiting } from '../../shell/states';
import { useSpeech, useWords } from '../../words/words';
import shared from '../admin.module.css';
import { minutesSince, useMailboxes } from '../mailboxes/mailboxes';
import { Fact, State, Unanswered } from '../parts';
import { Table } from '../table';
import { useTroubles } from '../troubles/troubles';
import { words as common } from '../words';
import { lagTone, readHealth, scarce, soonest, untilTone } from './health';
import css from './system.module.css';
import { words } from './words';

const again = 15_000;

type Told = NonNullable<SystemQuery['system']>;

export function System() {
  const w = useWords(words);
  const health = useQuery({ queryKey: ['health'], queryFn: ({ signal }) => readHealth(signal), refetchInterval: again });
  const system = useQuery({ queryKey: ['system'], queryFn: async ({ signal }) => (await ask(SystemDocument, {}, signal)).system ?? null, refetchInterval: again });
  if (!health.data || system.data === undefined) {
    const failed = [health, system].find((q) => q.error);
    return failed ? <Unanswered again={() => void failed.refetch()} /> : <Waiting />;
  }
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
          {system.data && <Program told={system.data} />}
        </dl>
      </section>
      <Mail />
      <Work queues={system.data?.queues ?? []} />
      {system.data && <Certificates told={system.data} />}
      <p className={shared.said}>{w.elsewhere}</p>
    </>
  );
}

function Program({ told }: { told: Told }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const { database, bell, disk, seal } = told;
  return (
    <>
      <Fact name={w.version}>{told.version}{told.revision && <> <code>{told.revision.slice(0, 12)}</code></>} <span className={shared.quiet}>({told.go})</span></Fact>
      <Fact name={w.startedAt}><time dateTime={told.startedAt} title={dates.exact(told.startedAt)}>{dates.moment(told.startedAt)}</time></Fact>
      <Fact name={w.schema}><State tone={database.schema === database.wanted ? 'good' : 'bad'}>{w.schemaOf(database.kind, database.schema)}</State></Fact>
      <Fact name={w.instances}>
        {bell.shared
          ? <State tone={bell.rings ? 'good' : 'bad'}>{bell.rings ? w.instancesOf(bell.instances) : w.bellSilent}</State>
          : <State tone="good">{w.alone}</State>}
      </Fact>
      {disk && <Fact name={w.disk}><State tone={scarce(disk) ? 'bad' : 'good'}>{w.diskOf(dates.bytes(Number(disk.free)), dates.bytes(Number(disk.total)))}</State></Fact>}
      <Fact name={w.seal}>{seal ? <time dateTime={seal.at} title={dates.exact(seal.at)}>{w.sealOf(dates.number(seal.size), dates.moment(seal.at))}</time> : w.noSeal}</Fact>
    </>
  );
}

function Mail() {
  const { dates } = useSpeech();
  const w = useWords(words);
  const { data: boxes } = useMailboxes();
  if (!boxes) {
    return null;
  }
  const folders = boxes.flatMap((b) => b.folders.nodes);
  const sum = (figure: 'waiting' | 'quarantined' | 'missing' | 'archived'): number => folders.reduce((n, f) => n + f[figure], 0);
  const failing = boxes.filter((b) => b.health !== 'OK').length;
  return (
    <section className={css.part}>
      <h2>{w.mail}</h2>
      <dl className={shared.facts}>
        <Fact name={w.mailboxes}><Link href="/admin/mailboxes"><State tone={failing > 0 ? 'bad' : 'good'}>{failing > 0 ? w.someFail(failing, boxes.length) : w.allWell(boxes.length)}</State></Link></Fact>
        <Fact name={w.waiting}>{dates.number(sum('waiting'))}</Fact>
        <Fact name={w.archived}>{dates.number(sum('archived'))}</Fact>
        <Fact name={w.setAside}><Zero n={sum('quarantined')} /></Fact>
        <Fact name={w.missing}><Zero n={sum('missing')} /></Fact>
      </dl>
      <Table
        label={w.lags}
        rows={boxes}
        keyOf={(b) => b.id}
        columns={[
          { title: w.mailbox, cell: (b) => b.address },
          { title: w.checkedAt, cell: (b) => (b.checkedAt ? <time dateTime={b.checkedAt} title={dates.exact(b.checkedAt)}>{dates.moment(b.checkedAt)}</time> : w.never) },
          { title: w.lag, cell: (b) => (b.checkedAt ? <State tone={lagTone(minutesSince(b.checkedAt))}>{w.lagOf(minutesSince(b.checkedAt))}</State> : <State tone="bad">{w.never}</State>) },
        ]}
      />
    </section>
  );
}

function Work({ queues }: { queues: Told['queues'] }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const c = useWords(common);
  const { data: troubles } = useTroubles();
  return (
    <section className={css.part}>
      <h2>{w.work}</h2>
      <Table
        label={w.queues}
        rows={queues}
        keyOf={(q) => q.name}
        columns={[
          { title: w.queue, cell: (q) => w.queueNames[q.name] },
          { title: w.queueWaiting, cell: (q) => dates.number(q.waiting), isNumber: true },
          { title: w.queueFailed, cell: (q) => <Zero n={q.failed} />, isNumber: true },
        ]}
      />
      <dl className={shared.facts}>
        <Fact name={c.sections.troubles}>
          <Link href="/admin/troubles">
            {troubles && troubles.list.length > 0 ? <State tone="bad">{dates.number(troubles.list.length)}{troubles.more && '+'}</State> : <State tone="good">{w.none}</State>}
          </Link>
        </Fact>
      </dl>
    </section>
  );
}

function Certificates({ told }: { told: Told }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  return (
    <section className={css.part}>
      <h2>{w.certificates}</h2>
      <p className={shared.quiet}>{w.certificatesTold(told.certificates.length)}</p>
      <Table
        label={w.certificates}
        rows={soonest(told.certificates)}
        keyOf={(x) => `${x.of} ${x.subject}`}
        columns={[
          { title: w.certificateOf, cell: (x) => w.certificateNames[x.of] },
          { title: w.certificateSubject, cell: (x) => x.subject },
          { title: w.certificateUntil, cell: (x) => (x.until ? <State tone={untilTone(x.until, new Date())}>{dates.day(x.until)}</State> : <State tone="bad">{w.unread}</State>) },
          { title: w.certificateTrouble, cell: (x) => (x.trouble ? <code>{x.trouble}</code> : '') },
        ]}
      />
    </section>
  );
}

/** A figure that is well when it is nothing. */
function Zero({ n }: { n: number }) {
  const { dates } = useSpeech();
  return n > 0 ? <State tone="bad">{dates.number(n)}</State> : <State tone="good">0</State>;
}
