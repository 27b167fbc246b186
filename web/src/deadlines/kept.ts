// What people keep of deadlines and calendars: of what a thing is, and the commands.

import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTelling } from '../admin/telling';
import { ask } from '../api/ask';
import {
  ClosureRemoveDocument, ClosureSetDocument, DeadlineRemoveDocument, DeadlineSetDocument, PatronRemoveDocument, PatronSetDocument,
  type ClosureSetInput, type ClosureShownFragment, type DeadlineSetInput, type DeadlineShownFragment, type ErrorFragment, type PatronSetInput, type PatronShownFragment,
} from '../generated/graphql';
import { useWords } from '../words/words';
import { words } from './words';

export type Deadline = DeadlineShownFragment;
export type Closure = ClosureShownFragment;
export type Patron = PatronShownFragment;

/** Of what a deadline is, as one text: "office:id", "mailbox:id" or "rule:id"; empty for the house. */
export function placeOf(d: Pick<Deadline, 'office' | 'mailbox' | 'ruleId'>): string {
  return d.ruleId != null ? `rule:${d.ruleId}` : d.mailbox ? `mailbox:${d.mailbox.id}` : d.office ? `office:${d.office.id}` : '';
}

/** The same, as a command names it. */
export function namedBy(place: string): Pick<DeadlineSetInput, 'officeId' | 'mailboxId' | 'ruleId'> {
  const id = place.slice(place.indexOf(':') + 1);
  return { officeId: place.startsWith('office:') ? id : null, mailboxId: place.startsWith('mailbox:') ? id : null, ruleId: place.startsWith('rule:') ? id : null };
}

/** What people keep of the same, so that a command names its version; 0 for nothing yet. */
export function versionOf(all: readonly Deadline[], kind: Deadline['kind'], place: string): number {
  return all.find((d) => d.origin === 'PEOPLE' && d.kind === kind && placeOf(d) === place)?.version ?? 0;
}

/** The patron saint's day of an office, or of the house for none, that holds. */
export function patronOf(all: readonly Patron[], officeId: string): Patron | undefined {
  return all.find((p) => p.holds && (p.office?.id ?? '') === officeId);
}

/** Closures as one looks for them: what is to come, the next first, then what is over, the last first. */
export function inOrder(all: readonly Closure[], today: string): Closure[] {
  const coming = all.filter((c) => c.to >= today).sort((a, b) => a.from.localeCompare(b.from));
  const over = all.filter((c) => c.to < today).sort((a, b) => b.from.localeCompare(a.from));
  return [...coming, ...over];
}

type Errors = Promise<readonly ErrorFragment[]>;

export interface Commands {
  setDeadline(input: DeadlineSetInput): Errors;
  setClosure(input: ClosureSetInput): Errors;
  setPatron(input: PatronSetInput): Errors;
  /** Take away what people keep, tell of it, and offer the way back; whether it was done. */
  removeDeadline(deadline: Deadline, told: string): Promise<boolean>;
  removeClosure(closure: Closure, told: string): Promise<boolean>;
  removePatron(patron: Patron, told: string): Promise<boolean>;
}

export function useCommandsOfCalendar(): Commands {
  const w = useWords(words);
  const answers = useQueryClient();
  const tell = useTelling();
  return useMemo(() => {
    const read = async (errors: Errors): Errors => {
      const found = await errors;
      void answers.invalidateQueries({ queryKey: ['deadlines'] });
      return found;
    };
    const setDeadline = (input: DeadlineSetInput): Errors => read(ask(DeadlineSetDocument, { input }).then((a) => a.deadlineSet.userErrors));
    const setClosure = (input: ClosureSetInput): Errors => read(ask(ClosureSetDocument, { input }).then((a) => a.closureSet.userErrors));
    const setPatron = (input: PatronSetInput): Errors => read(ask(PatronSetDocument, { input }).then((a) => a.patronSet.userErrors));
    const back = (command: () => Errors) => () => void tell(command, { text: w.kept.again });
    return {
      setDeadline,
      setClosure,
      setPatron,
      removeDeadline: (d, told) => tell(
        () => read(ask(DeadlineRemoveDocument, { input: { deadlineId: d.id!, version: d.version } }).then((a) => a.deadlineRemove.userErrors)),
        { text: told, undo: back(() => setDeadline({ kind: d.kind, amount: d.amount, ...namedBy(placeOf(d)) })) },
      ),
      removeClosure: (c, told) => tell(
        () => read(ask(ClosureRemoveDocument, { input: { closureId: c.id!, version: c.version } }).then((a) => a.closureRemove.userErrors)),
        { text: told, undo: back(() => setClosure({ name: c.name, from: c.from, to: c.to, officeId: c.office?.id ?? null })) },
      ),
      removePatron: (p, told) => tell(
        () => read(ask(PatronRemoveDocument, { input: { officeId: p.office?.id ?? null, version: p.version } }).then((a) => a.patronRemove.userErrors)),
        { text: told, undo: back(() => setPatron({ day: p.day, officeId: p.office?.id ?? null })) },
      ),
    };
  }, [answers, tell, w]);
}
