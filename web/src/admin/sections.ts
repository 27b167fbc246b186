// The sections of the administration: a new one is a line here and its title in words.ts.

import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Roles } from '../shell/house';
import type { IconName } from '../shell/icon';
import type { AdminWords } from './words';

export interface Section {
  /** What follows /admin/ in its address. */
  path: keyof AdminWords['sections'];
  icon: IconName;
  Component: LazyExoticComponent<ComponentType>;
  /** Whether auditors have it too; administrators have all. */
  auditors?: true;
  /** Whether sorters have it too. */
  sorters?: true;
}

const sections: readonly Section[] = [
  { path: 'mailboxes', icon: 'mail', Component: lazy(() => import('./mailboxes/mailboxes').then((m) => ({ default: m.Mailboxes }))) },
  { path: 'rules', icon: 'sort', Component: lazy(() => import('../rules/rules').then((m) => ({ default: m.Rules }))), auditors: true, sorters: true },
];

/** Those that a person has. */
export function sectionsFor(roles: Pick<Roles, 'administrator' | 'auditor' | 'sorter'>): readonly Section[] {
  return roles.administrator ? sections : sections.filter((s) => (roles.auditor && s.auditors) || (roles.sorter && s.sorters));
}
