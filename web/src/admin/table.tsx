// A table that becomes cards where it has no room. Its roles are said, since browsers
// forget them when rows are laid out as blocks.

import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './table.module.css';

export interface Column<R> {
  title: string;
  cell(row: R): ReactNode;
  /** Figures stand at the end of their cells. */
  isNumber?: boolean;
  /** What can be done with the row: its buttons say it, the title is for those who do not see them. */
  isVerb?: boolean;
}

export function Table<R>({ label, columns, rows, keyOf }: { label: string; columns: readonly Column<R>[]; rows: readonly R[]; keyOf(row: R): string }) {
  return (
    <table role="table" className={css.table} aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">{columns.map((c) => <th key={c.title} role="columnheader" scope="col" data-number={c.isNumber || undefined}>{c.isVerb ? <VisuallyHidden>{c.title}</VisuallyHidden> : c.title}</th>)}</tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map((c) => (
              <td key={c.title} role="cell" data-number={c.isNumber || undefined}>
                <span className={css.label} aria-hidden>{!c.isVerb && c.title}</span>
                <div>{c.cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
