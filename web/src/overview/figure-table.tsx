import { Link } from 'wouter';
import css from './charts.module.css';

/** A figure in a table, and the list that it counts. */
export interface Cell {
  text: string;
  href?: string;
}

/** Figures as a table: what a chart shows, for who rather reads numbers. */
export function FigureTable({ caption, columns, rows }: {
  caption: string;
  columns: readonly string[];
  rows: readonly { id: string; name: string; cells: readonly Cell[] }[];
}) {
  const [first, ...others] = columns;
  return (
    <div className={css.tableBox} role="region" aria-label={caption} tabIndex={0}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {others.map((c) => <th key={c} scope="col">{c}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.id}>
              <th scope="row">{r.name}</th>
              {r.cells.map((cell, i) => <td key={others[i]}>{cell.href ? <Link href={cell.href}>{cell.text}</Link> : cell.text}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
