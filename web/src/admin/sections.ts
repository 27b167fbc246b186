// The sections of the administration: a new one is a line here and its title in words.ts.

import { type ComponentType, type LazyExoticComponent } from 'react';
import type { Roles } from '../shell/house';
import type { IconName } from '../shell/icon';
import { lazy } from '../shell/lazily';
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
  { path: 'offices', icon: 'building', Component: lazy(() => import('./offices/offices').then((m) => ({ default: m.Offices }))) },
  { path: 'people', icon: 'people', Component: lazy(() => import('./people/people').then((m) => ({ default: m.People }))) },
  { path: 'rules', icon: 'sort', Component: lazy(() => import('../rules/rules').then((m) => ({ default: m.Rules }))), auditors: true, sorters: true },
  { path: 'deadlines', icon: 'calendar', Component: lazy(() => import('../deadlines/deadlines').then((m) => ({ default: m.Deadlines }))), auditors: true, sorters: true },
  { path: 'templates', icon: 'file', Component: lazy(() => import('./templates/templates').then((m) => ({ default: m.Templates }))) },
  { path: 'troubles', icon: 'alert', Component: lazy(() => import('./troubles/troubles').then((m) => ({ default: m.Troubles }))) },
  { path: 'register', icon: 'book', auditors: true, Component: lazy(() => import('./register/register').then((m) => ({ default: m.Register }))) },
  { path: 'system', icon: 'gauge', Component: lazy(() => import('./system/system').then((m) => ({ default: m.System }))) },
];

/** Those that a person has. */
export function sectionsFor(roles: Pick<Roles, 'administrator' | 'auditor' | 'sorter'>): readonly Section[] {
  return roles.administrator ? sections : sections.filter((s) => (roles.auditor && s.auditors) || (roles.sorter && s.sorters));
}
