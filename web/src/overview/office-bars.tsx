// A bar for each office, the longest first; each leads to what it counts.

import { Link } from 'wouter';
import css from './charts.module.css';

export interface OfficeBar {
  id: string;
  name: string;
  value: number;
  /** A lighter bar that goes on behind it. */
  beyond?: number;
  text: string;
  href: string;
}

export function OfficeBars({ bars, label, empty }: { bars: readonly OfficeBar[]; label: string; empty: string }) {
  const shown = bars.toSorted((a, b) => b.value - a.value || (b.beyond ?? 0) - (a.beyond ?? 0));
  const most = Math.max(1, ...bars.map((b) => Math.max(b.value, b.beyond ?? 0)));
  if (shown.length === 0) {
    return <p className={css.empty}>{empty}</p>;
  }
  return (
    <ul className={css.offices} aria-label={label}>
      {shown.map((b) => (
        <li key={b.id}>
          <Link href={b.href}>
            <span className={css.office}>{b.name}</span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden focusable="false">
              {b.beyond !== undefined && <rect className={css.beyond} width={(b.beyond / most) * 100} height="10" />}
              <rect className={css.reach} width={(b.value / most) * 100} height="10" />
            </svg>
            <span className={css.value}>{b.text}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
