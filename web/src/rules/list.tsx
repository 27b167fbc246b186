// The rules in their order. They are moved by buttons, by keys, and by dragging.

import { ActionIcon } from '@mantine/core';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { State } from '../admin/parts';
import { Icon } from '../shell/icon';
import { useSpeech, useWords } from '../words/words';
import { isKept, isStill, neighbours } from './order';
import { FaredMark, longDays, type Fared, type Review } from './review';
import css from './rules.module.css';
import type { Rule } from './rulebook';
import { Sentence } from './sentence';
import { words } from './words';

export interface RuleListProps {
  rules: readonly Rule[];
  shadows: ReadonlyMap<string, Rule>;
  review: Review;
  active: string | undefined;
  /** Puts a rule before another one, or at the end; nothing for who may not. */
  move: ((rule: Rule, before: Rule | null) => void) | undefined;
}

export function RuleList({ rules, shadows, review, active, move }: RuleListProps) {
  const w = useWords(words);
  return (
    <ol className={css.rules} aria-label={w.list}>
      {rules.map((rule, i) => (
        <Row key={rule.id} rule={rule} place={i + 1} rules={rules} shadow={shadows.get(rule.id)} fared={review.of(rule.id)} isActive={rule.id === active} move={move} />
      ))}
    </ol>
  );
}

function Row({ rule, place, rules, shadow, fared, isActive, move }: {
  rule: Rule;
  place: number;
  rules: readonly Rule[];
  shadow: Rule | undefined;
  fared: Fared | undefined;
  isActive: boolean;
  move: RuleListProps['move'];
}) {
  const w = useWords(words);
  const { dates } = useSpeech();
  const { previous, next, afterNext } = neighbours(rules, rule.id);
  const { row, handle, edge } = useDragging(rule, rules, move);
  return (
    <li ref={row} className={css.rule} data-active={isActive || undefined} data-state={rule.state} data-edge={edge ?? undefined}>
      <span ref={handle} className={css.handle} data-there={(move && isKept(rule)) || undefined} title={move && isKept(rule) ? w.drag(rule.name) : undefined}>
        <Icon name="grip" size={16} />
      </span>
      <span className={css.number}>{place}</span>
      <div className={css.what}>
        <Link href={`/admin/rules?rule=${rule.id}`} id={`rule-${rule.id}`} className={css.name} aria-current={isActive || undefined}>{rule.name}</Link>
        <Sentence condition={rule.condition?.source ?? null} office={rule.office.name} assignee={rule.assignee?.name} />
        <span className={css.marks}>
          <StateOf rule={rule} />
          <span>{w.hits(rule.hits)}{rule.lastHitAt && <>, <time dateTime={rule.lastHitAt} title={dates.exact(rule.lastHitAt)}>{w.lastHit(dates.day(rule.lastHitAt))}</time></>}</span>
          {!isKept(rule) && <span><Icon name="file" size={14} /> {w.ofConfiguration}</span>}
          {shadow && rule.state === 'ON' && <span className={css.warn}><Icon name="warning" size={14} /> {w.warnings.shadowedShort(shadow.name)}</span>}
          {!shadow && rule.state === 'ON' && rule.hits === 0 && <span className={css.warn}><Icon name="clock" size={14} /> {w.warnings.idleShort}</span>}
          {isStill(rule, longDays, new Date()) && <span className={css.warn}><Icon name="clock" size={14} /> {w.warnings.stillFor(longDays)}</span>}
          <FaredMark fared={fared} />
          {!rule.condition && <span className={css.bad}><Icon name="alert" size={14} /> {w.warnings.unreadable}</span>}
        </span>
      </div>
      {move && isKept(rule) && (
        <span className={css.moves}>
          <ActionIcon variant="subtle" color="gray" size="md" disabled={!previous} aria-label={w.upOf(rule.name)} title={w.up} onClick={() => move(rule, previous!)}><Icon name="arrowUp" size={16} /></ActionIcon>
          <ActionIcon variant="subtle" color="gray" size="md" disabled={!next} aria-label={w.downOf(rule.name)} title={w.down} onClick={() => move(rule, afterNext ?? null)}><Icon name="arrowDown" size={16} /></ActionIcon>
        </span>
      )}
    </li>
  );
}

export function StateOf({ rule }: { rule: Rule }) {
  const w = useWords(words);
  return <State tone={rule.state === 'ON' ? 'good' : 'quiet'} icon={rule.state === 'ON' ? 'check' : rule.state === 'DRAFT' ? 'file' : 'close'}>{w.states[rule.state]}</State>;
}

/** Lets a mouse drag a row between others that people keep. Fingers have the buttons. */
function useDragging(rule: Rule, rules: readonly Rule[], move: RuleListProps['move']) {
  const row = useRef<HTMLLIElement>(null);
  const handle = useRef<HTMLSpanElement>(null);
  const [edge, setEdge] = useState<'above' | 'below' | null>(null);
  const latest = useRef({ rule, rules, move });
  latest.current = { rule, rules, move };
  const isMovable = move !== undefined && isKept(rule);
  useEffect(() => {
    const element = row.current;
    if (!element || !isMovable || !matchMedia('(pointer: fine)').matches) {
      return undefined;
    }
    const half = ({ clientY }: { clientY: number }): 'above' | 'below' => {
      const { top, height } = element.getBoundingClientRect();
      return clientY < top + height / 2 ? 'above' : 'below';
    };
    const isOther = (data: Record<string | symbol, unknown>): boolean => typeof data['rule'] === 'string' && data['rule'] !== rule.id;
    return combine(
      draggable({ element, dragHandle: handle.current!, getInitialData: () => ({ rule: rule.id }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => isOther(source.data),
        onDrag: ({ location }) => setEdge(half(location.current.input)),
        onDragLeave: () => setEdge(null),
        onDrop: ({ source, location }) => {
          setEdge(null);
          const { rules: all, rule: target, move: put } = latest.current;
          const dragged = all.find((r) => r.id === source.data['rule']);
          if (dragged) {
            const others = all.filter((r) => r.id !== dragged.id);
            put?.(dragged, half(location.current.input) === 'above' ? target : neighbours(others, target.id).next ?? null);
          }
        },
      }),
    );
  }, [rule.id, isMovable]);
  return { row, handle, edge };
}
