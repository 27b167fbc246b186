// One case in a list: who wrote, about what, and what has to be known at a glance.

import { memo, type MouseEvent } from 'react';
import { useRow, type Row } from '../live/rows';
import { isMail } from '../message/message';
import { deedSaid, useDeed } from '../offline/queued';
import { words } from '../offline/words';
import { useHouse } from '../shell/house';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { words as filterWords } from './filter-words';
import css from './list.module.css';
import { routingSaid } from './routing';
import { words as routingWords } from './routing-words';
import type { Spot } from '../shell/menu-at';
import { useTouch } from './touch';

export interface Swipe {
  title: string;
  run(id: string): void;
  possible(row: Row): boolean;
}

interface CaseRowProps {
  id: string;
  domId: string;
  index: number;
  isActive: boolean;
  isSelected: boolean;
  select(id: string): void;
  activate(id: string): void;
  open(id: string): void;
  menuAt(id: string, at: Spot): void;
  swipe: Swipe | undefined;
  selecting: boolean;
}

/** Drawn again when something of its own changes, and not with each step through the list. */
export const CaseRow = memo(function CaseRow({ id, domId, index, isActive, isSelected, select, activate, open, menuAt, swipe, selecting }: CaseRowProps) {
  const { t, dates } = useSpeech();
  const w = useWords(filterWords);
  const { rows, viewer } = useHouse();
  const row = useRow(rows, id);
  const deed = useDeed(id);
  const device = useWords(words);
  const routing = useWords(routingWords);
  const canSwipe = swipe !== undefined && !selecting && row !== undefined && !deed && swipe.possible(row);
  const touch = useTouch(() => select(id), canSwipe);
  if (!row) {
    return null;
  }
  const lookers = row.lookers?.filter((p) => p.id !== viewer.user.id) ?? [];
  const first = row.messages?.nodes.find(isMail);
  const files = first?.attachments.nodes.length ?? 0;
  const doubt = first?.direction === 'INCOMING' && (first.verdict.status !== 'VALID' || first.kind !== 'ENVELOPE') ? (first.kind === 'ENVELOPE' ? t.verdicts[first.verdict.status] : t.kinds[first.kind]) : '';
  const returnedBy = row.routing?.why === 'RETURNED' && routingSaid(row.routing, routing);
  const click = (event: MouseEvent): void => {
    if (touch.wasGesture()) {
      return;
    }
    if (touch.isOpen) {
      touch.close();
    } else if (event.ctrlKey || event.metaKey || selecting) {
      select(id);
    } else {
      activate(id);
    }
  };
  return (
    <div
      id={domId}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      className={css.row}
      data-active={isActive || undefined}
      data-urgency={row.urgency}
      data-swiped={canSwipe && touch.isOpen || undefined}
      onClick={click}
      onDoubleClick={() => open(id)}
      {...touch.handlers}
    >
      <span role="gridcell" className={css.check} onClick={(e) => e.stopPropagation()}>
        <input type="checkbox" tabIndex={-1} checked={isSelected} aria-label={`${t.list.select} ${row.number}`} onChange={() => select(id)} />
      </span>
      <span role="gridcell" className={css.what}>
        <span className={css.sender}>
          <b>{row.senderName || row.senderAddress || t.hidden}</b>
          {row.senderName && <span className={css.domain}>{row.senderAddress}</span>}
        </span>
        <span className={css.subjectLine}>
          {row.reserved && <Icon name="lock" size={14} />}
          {row.subject === null ? t.hidden : row.subject || t.noSubject}
        </span>
        <span className={css.facts}>
          {!deed && <span className={css.number}>{row.number}</span>}
          {!deed && row.mailbox && <span title={row.mailbox.address}>{row.mailbox.address.split('@')[0]}</span>}
          {deed && <span className={css.doubt}><Icon name={deed.refused === undefined ? 'cloudOff' : 'warning'} size={14} /> {deedSaid(deed, device)}</span>}
          {row.status !== 'TO_SORT' && <span>{t.list.gone(t.statuses[row.status], row.office?.name ?? '')}</span>}
          {row.assignee && <span><Icon name="person" size={14} /> {row.assignee.name}</span>}
          {row.status === 'TO_SORT' && returnedBy && !doubt && <span className={css.doubt}><Icon name="undo" size={14} /> {returnedBy}</span>}
          {lookers.length > 0 && <span className={css.lookers}><Icon name="eye" size={14} /> {t.message.lookers(lookers.map((p) => p.name).join(', '))}</span>}
          {doubt && <span className={css.doubt}><Icon name="alert" size={14} /> {doubt}</span>}
          {row.repeated && <span><Icon name="inbox" size={14} /> {w.repeated}</span>}
          {files > 0 && <span title={first!.attachments.nodes.map((a) => a.name).join(', ')}><Icon name="clip" size={14} /> {t.list.attachments(files)}</span>}
        </span>
      </span>
      <span role="gridcell" className={css.when}>
        <time dateTime={row.receivedAt} title={dates.exact(row.receivedAt)}>{dates.brief(row.receivedAt, new Date())}</time>
        {(row.urgency !== 'NONE' || row.status !== 'TO_SORT') && row.dueAt && (
          <span className={css.due} title={dates.exact(row.dueAt)}>
            <Icon name="clock" size={14} /> {row.urgency === 'BREACHED' ? t.list.overdue(dates.day(row.dueAt)) : t.list.due(dates.day(row.dueAt))}
          </span>
        )}
        <button type="button" tabIndex={-1} className={css.more} aria-label={w.menuOf(row.number)} aria-haspopup="menu" onClick={(event) => {
          event.stopPropagation();
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          menuAt(id, { x: left, y: bottom });
        }}><Icon name="dots" /></button>
      </span>
      {canSwipe && touch.isOpen && (
        <span role="gridcell" className={css.swiped} onClick={(e) => e.stopPropagation()}>
          <button type="button" onClick={() => {
            touch.close();
            swipe.run(id);
          }}><Icon name="sort" /> {swipe.title}</button>
        </span>
      )}
    </div>
  );
});
