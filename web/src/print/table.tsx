import type { ReactNode } from 'react';
import css from './print.module.css';

export function Table({ head, children }: { head: readonly string[]; children: ReactNode }) {
  return (
    <div className={css.table}>
      <table>
        <thead><tr>{head.map((h, i) => <th key={i} scope="col">{h}</th>)}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
