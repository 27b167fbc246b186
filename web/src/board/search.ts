// What the board shows, and how, as its address says it.

import type { Said } from '../shell/address';
import { urgencies } from '../cases/search';
import type { Urgency } from '../generated/graphql';

export const views = ['columns', 'list', 'people', 'approvals', 'absences'] as const;
export type View = (typeof views)[number];

export interface BoardSearch {
  view?: View;
  /** The id of a person, or nobody. */
  person?: string;
  urgency?: Urgency;
  /** Only those on which the desk waits for an answer. */
  asked?: '1';
  /** On a phone, the column that is shown. */
  column?: string;
  /** What is read in the list, or approved. */
  read?: string;
}

export function readBoardSearch(said: Said): BoardSearch {
  return {
    view: views.find((v) => v === said['view'] && v !== 'columns'),
    person: said['person'],
    urgency: urgencies.find((u) => u === said['urgency']),
    asked: said['asked'] === '1' ? '1' : undefined,
    column: said['column'],
    read: said['read'],
  };
}
