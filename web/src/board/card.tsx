// A case on the board: what it is about, until when, who has it, what it waits for.

import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { dayOf, workingDays } from '../shell/days';
import { stageOf, waitsFor, type Work } from '../cases/work';
import { CaseMenu } from '../casework/menu';
import type { Row } from '../live/rows';
import { caseAddress } from '../shell/address';
import { useHouse } from '../shell/house';
import { dragging } from '../shell/dragging';
import { Icon, type IconName } from '../shell/icon';
import type { Command } from '../shell/keys';
import { useSpeech, useWords } from '../words/words';
import css from './board.module.css';
import { isLate } from './columns';
import { words, type BoardWords } from './words';

export interface CardProps {
  row: Row;
  work: Work | undefined;
  now: Date;
  free: ReadonlySet<string>;
  /** Whether the Tab key comes to this one of all cards. */
  isStop: boolean;
  isFresh: boolean;
  /** Where it is now, when it no longer belongs where it stands. */
  left: string | null;
  showsPerson: boolean;
  /** Whether it can be dragged: where there is a mouse. */
  drags: boolean;
  commands(): readonly Command[];
  focused(): void;
  /** Its page is gone to. */
  opened(): void;
}

export function Card({ row, work, now, free, isStop, isFresh, left, showsPerson, drags, commands, focused, opened }: CardProps) {
  const { t } = useSpeech();
  const w = useWords(words);
  const { viewer } = useHouse();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    return element && drags ? dragging((dnd) => dnd.draggable({ element, getInitialData: () => ({ id: row.id }) })) : undefined;
  }, [drags, row.id]);
  const lookers = (row.lookers ?? []).filter((p) => p.id !== viewer.user.id);
  const isOpen = row.status !== 'CLOSED';
  return (
    <div ref={box} className={css.card} data-card={row.id} data-urgency={isOpen ? row.urgency : 'NONE'} data-fresh={isFresh || undefined} data-left={left !== null || undefined} onFocus={focused}>
      <div className={css.top}>
        <span className={css.sender}>{row.senderName || row.senderAddress || t.hidden}</span>
        <span className={css.number}>{row.number}</span>
        <CaseMenu id={row.id} number={row.number} size="md" before={commands()} />
      </div>
      <Link className={css.subject} href={caseAddress(row.number)} tabIndex={isStop ? 0 : -1} draggable={false} onClick={opened}>
        {row.subject === null ? t.hidden : row.subject || t.noSubject}
      </Link>
      {isOpen && <Due row={row} now={now} free={free} />}
      <div className={css.facts}>
        {showsPerson && <span className={css.person}><Icon name="person" size={14} /> {row.assignee?.name ?? w.unassigned}{row.onBehalfOf && ` ${w.standsInFor(row.onBehalfOf.name)}`}</span>}
        {marks(row, work, w).map(({ icon, text, tone }) => <span key={text} data-tone={tone}><Icon name={icon} size={14} /> {text}</span>)}
        {lookers.length > 0 && <span><Icon name="eye" size={14} /> {t.message.lookers(lookers.map((p) => p.name).join(', '))}</span>}
      </div>
      {left !== null && <p className={css.left}>{w.nowIn(left)}</p>}
    </div>
  );
}

/** Until when, in days with work, and whether that is today or past. */
export function Due({ row, now, free }: { row: Row; now: Date; free: ReadonlySet<string> }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  if (row.dueAt === null) {
    return null;
  }
  const today = dayOf(now);
  const day = dayOf(row.dueAt);
  const at = dates.day(row.dueAt);
  if (isLate(row, now)) {
    return <p className={css.due} data-tone="bad" title={dates.exact(row.dueAt)}><Icon name="warning" size={14} /> {w.late(at)}</p>;
  }
  if (day === today) {
    return <p className={css.due} data-tone="warn" title={dates.exact(row.dueAt)}><Icon name="clock" size={14} /> {w.dueToday(dates.clock(row.dueAt))} · {at}</p>;
  }
  const left = workingDays(today, day, free);
  return (
    <p className={css.due} data-tone={row.urgency === 'DUE_SOON' ? 'warn' : undefined} title={dates.exact(row.dueAt)}>
      <Icon name="clock" size={14} /> {w.due(at)} · <abbr title={w.daysLeft(left)}>{w.daysShort(left)}</abbr>
    </p>
  );
}

interface Mark {
  icon: IconName;
  text: string;
  tone?: 'bad' | 'warn';
}

/** What a head wants to see of a case at a glance. */
export function marks(row: Row, work: Work | undefined, w: BoardWords): readonly Mark[] {
  const all: (Mark | false | null | undefined)[] = [
    ...[...new Set(work?.open.map((i) => i.kind))].map((kind): Mark =>
      kind === 'SOLLECITO' ? { icon: 'alert', text: w.reminded, tone: 'bad' } : { icon: 'question', text: w.asked, tone: 'warn' }),
    (row.priority === 'HIGH' || row.priority === 'URGENT') && { icon: 'star', text: w.priority(w.priorities[row.priority]), tone: 'warn' },
    row.reserved && { icon: 'lock', text: w.reserved },
    work?.may.claim && { icon: 'lock', text: w.inCharge(work.may.claim.holder.name) },
    mark(row, work, w),
  ];
  return all.filter((m): m is Mark => !!m);
}

function mark(row: Row, work: Work | undefined, w: BoardWords): Mark | null {
  const waits = row.status === 'CLOSED' || stageOf(row, work) === null ? null : waitsFor(row, work);
  if (work?.reply?.state === 'UNCERTAIN') {
    return { icon: 'warning', text: w.uncertainReply, tone: 'bad' };
  }
  if (work?.reply?.state === 'REFUSED') {
    return { icon: 'warning', text: w.refusedReply, tone: 'bad' };
  }
  if (waits) {
    return { icon: waits === 'approval' ? 'check' : 'send', text: w.waits[waits] };
  }
  return work?.reply?.state === 'DRAFT' ? { icon: 'reply', text: w.writing(work.reply.author.name) } : null;
}
