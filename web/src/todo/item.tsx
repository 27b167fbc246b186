// A case on the list: the next thing to do about it, until when, and its commands.

import { dayOf, workingDays } from '../shell/days';
import type { Work } from '../cases/work';
import { CaseMenu } from '../casework/menu';
import type { Row } from '../live/rows';
import { useHouse } from '../shell/house';
import { Icon, type IconName } from '../shell/icon';
import { useSpeech, useWords, type Speech } from '../words/words';
import { nextOf, type Next } from './groups';
import css from './todo.module.css';
import { words, type ToDoWords } from './words';

const icons: Record<Next['does'], IconName> = {
  answer: 'alert', take: 'check', reply: 'reply', finish: 'note', sendAgain: 'warning', settle: 'warning', correct: 'undo', wait: 'clock',
};

export function Item({ row, work, now, free, isActive, isFresh, activate }: {
  row: Row; work: Work | undefined; now: Date; free: ReadonlySet<string>; isActive: boolean; isFresh: boolean; activate(): void;
}) {
  const { t, dates } = useSpeech();
  const w = useWords(words);
  const { viewer } = useHouse();
  const next = nextOf(row, work);
  const today = dayOf(now);
  const due = row.dueAt === null ? null : dayOf(row.dueAt);
  const left = due === null || due <= today || next.does === 'wait' || next.does === 'answer' ? null : workingDays(today, due, free);
  const tone = next.does === 'wait' ? undefined : next.does === 'answer' || row.urgency === 'BREACHED' ? 'bad' : row.urgency === 'DUE_SOON' || due === today ? 'warn' : undefined;
  const lookers = (row.lookers ?? []).filter((p) => p.id !== viewer.user.id);
  return (
    <li className={css.item} data-case={row.id} data-active={isActive || undefined} data-fresh={isFresh || undefined}>
      <button type="button" className={css.open} aria-current={isActive ? 'true' : undefined} onClick={activate}>
        <span className={css.next} data-tone={tone}>
          <Icon name={icons[next.does]} size={16} />
          <span>{sayNext(next, row, now, w, dates)}{left !== null && ` · ${w.daysLeft(left)}`}</span>
        </span>
        <b>{row.subject === null ? t.hidden : row.subject || t.noSubject}</b>
        <span className={css.facts}>
          <span>{row.senderName || row.senderAddress || t.hidden}</span>
          <span>{row.number}</span>
          {row.onBehalfOf && <span>{w.onBehalf(row.onBehalfOf.name)}</span>}
          {w.priorities[row.priority] && <span data-tone="warn"><Icon name="star" size={14} /> {w.priorities[row.priority]}</span>}
          {row.reserved && <span><Icon name="lock" size={14} /> {t.hidden}</span>}
          {lookers.length > 0 && <span><Icon name="eye" size={14} /> {t.message.lookers(lookers.map((p) => p.name).join(', '))}</span>}
        </span>
        {next.does === 'answer' && <span className={css.quoted}>«{next.inquiry.text}»</span>}
      </button>
      <CaseMenu id={row.id} number={row.number} />
    </li>
  );
}

/** The next thing to be done, in words. */
export function sayNext(next: Next, row: Row, now: Date, w: ToDoWords, dates: Speech['dates']): string {
  const day = row.dueAt === null ? '' : dates.day(row.dueAt);
  const by = (late: (day: string) => string, today: (clock: string, day: string) => string, later: (day: string) => string, undated: string): string => {
    if (row.dueAt === null) {
      return undated;
    }
    if (row.urgency === 'BREACHED' || row.dueAt < now.toISOString()) {
      return late(day);
    }
    return dayOf(row.dueAt) === dayOf(now) ? today(dates.clock(row.dueAt), day) : later(day);
  };
  switch (next.does) {
    case 'answer': return next.inquiry.kind === 'SOLLECITO' ? w.next.answerReminder(next.inquiry.askedBy.name) : w.next.answerQuestion(next.inquiry.askedBy.name);
    case 'take': return day ? w.next.takeBy(day) : w.next.take;
    case 'reply': return by(w.next.replyLate, w.next.replyToday, w.next.replyBy, w.next.reply);
    case 'finish': return by(w.next.finishLate, w.next.finishToday, w.next.finishBy, w.next.finish);
    case 'correct': return w.next.correct(next.by, next.remark);
    case 'wait': return w.next.wait[next.for];
    default: return w.next[next.does];
  }
}
