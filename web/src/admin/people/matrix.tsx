// Who is what in which office: people and offices against each other, deputies with
// their dates. Only the rows in sight are drawn, however many people there are.

import { VisuallyHidden } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { Link } from 'wouter';
import { groupBy } from '../../shell/group-by';
import { useSpeech, useWords } from '../../words/words';
import type { Office } from '../offices/offices';
import { treeOf } from '../offices/tree';
import css from './matrix.module.css';
import { lastOf } from './members';
import { personAddress, type Someone } from './people';
import { words } from './words';

const rowHeight = 40;

export default function Matrix({ people, offices }: { people: readonly Someone[]; offices: readonly Office[] }) {
  const w = useWords(words);
  const scroller = useRef<HTMLDivElement>(null);
  const columns = treeOf(offices).map((p) => p.office);
  const rows = useVirtualizer({ count: people.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8 });
  const drawn = rows.getVirtualItems();
  const above = drawn[0]?.start ?? 0;
  const below = rows.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  return (
    <div ref={scroller} className={css.scroller} role="region" aria-label={w.matrix} tabIndex={0}>
      <table className={css.matrix} aria-label={w.matrix} aria-rowcount={people.length + 1} aria-colcount={columns.length + 1}>
        <thead>
          <tr>
            <th scope="col">{w.name}</th>
            {columns.map((o) => <th key={o.id} scope="col">{o.name}</th>)}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden><td style={{ height: above }} /></tr>}
          {drawn.map(({ index }) => {
            const p = people[index];
            return p && (
              <tr key={p.id} ref={rows.measureElement} data-index={index} aria-rowindex={index + 2}>
                <th scope="row"><Link href={personAddress(p.id)}>{p.name}</Link></th>
                <Cells person={p} columns={columns} />
              </tr>
            );
          })}
          {below > 0 && <tr aria-hidden><td style={{ height: below }} /></tr>}
        </tbody>
      </table>
    </div>
  );
}

/** What one person is in each office. */
function Cells({ person, columns }: { person: Someone; columns: readonly Office[] }) {
  const { dates } = useSpeech();
  const w = useWords(words);
  const roles = groupBy(person.memberships.nodes, (m) => m.office.id);
  return columns.map((o) => {
    const here = roles.get(o.id) ?? [];
    return (
      <td key={o.id} data-head={here.some((m) => m.role === 'HEAD') || undefined}>
        {here.length === 0 && <VisuallyHidden>{w.noRole}</VisuallyHidden>}
        {here.map((m) => (
          <span key={m.id}>
            {w.memberRoles[m.role]}
            {(m.from ?? m.until) && <small>{w.during(m.from ? dates.day(m.from) : '', m.until ? dates.day(lastOf(m.until)) : '')}</small>}
          </span>
        ))}
      </td>
    );
  });
}
