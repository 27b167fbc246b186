import type { ReactNode } from 'react';
import css from './message.module.css';

/** What is known of a message, line by line. */
export function Lines({ children }: { children: ReactNode }) {
  return <dl className={css.addresses}>{children}</dl>;
}

export function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Addresses one after the other, with the names that stand with them. */
export function listed(list: readonly { name: string; address: string }[]): string {
  return list.map((a) => (a.name ? `${a.name} <${a.address}>` : a.address)).join(', ');
}
