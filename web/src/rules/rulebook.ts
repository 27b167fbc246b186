// The rules as they are now, and what can be commanded of them.

import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { whyOf } from '../admin/saving';
import { ask } from '../api/ask';
import {
  RuleByIdDocument, RuleHistoryDocument, RuleMoveDocument, RuleRemoveDocument, RuleRestoreDocument, RulesDocument, RuleSwitchDocument,
  type ErrorFragment, type RuleHistoryQuery, type RuleShownFragment,
} from '../generated/graphql';
import { useToast, type Toast } from '../shell/toasts';
import { useSpeech, useWords } from '../words/words';
import { isKept, moved, neighbours, wayBack, type Way } from './order';
import { words } from './words';

export type Rule = RuleShownFragment;
export type Version = Extract<NonNullable<RuleHistoryQuery['node']>, { history: unknown }>['history'][number];

/** Who does not see a case hears nothing of it, and so not that a rule routed it: the figures are asked for, this often. */
const figuresEvery = 60_000;

/** All rules, in the order in which they are asked. */
export function useRules() {
  return useQuery({ queryKey: ['rules'], refetchInterval: figuresEvery, queryFn: async ({ signal }) => (await ask(RulesDocument, {}, signal)).rules });
}

/** One rule, also one that is off the list; null when there is none or it is not to be seen. */
export function useRule(id: string | undefined): Rule | null | undefined {
  const { data: rules } = useRules();
  const listed = rules?.find((r) => r.id === id);
  const { data: single } = useQuery({
    queryKey: ['rules', id],
    enabled: id !== undefined && rules !== undefined && !listed,
    queryFn: async ({ signal }) => {
      const { node } = await ask(RuleByIdDocument, { id: id! }, signal);
      return node && 'condition' in node ? node : null;
    },
  });
  return listed ?? single;
}

/** What a rule said, the newest first. */
export function useVersions(id: string | undefined) {
  return useQuery({ queryKey: ['rules', id, 'history'], enabled: id !== undefined, queryFn: ({ signal }) => history(id!, signal) });
}

async function history(id: string, signal?: AbortSignal): Promise<readonly Version[]> {
  const { node } = await ask(RuleHistoryDocument, { id }, signal);
  return node && 'history' in node ? node.history : [];
}

interface Payload {
  rule?: Rule | null;
  userErrors: readonly ErrorFragment[];
}

export interface RuleCommands {
  /** Whether it was done; a refusal is told. */
  switchOn(rule: Pick<Rule, 'id' | 'name' | 'version'>): Promise<boolean>;
  switchOff(rule: Rule): Promise<boolean>;
  remove(rule: Rule): Promise<readonly ErrorFragment[]>;
  restore(rule: Rule, to: number): Promise<boolean>;
  /** Puts a rule before another one that people keep; before none, at the end. */
  move(rule: Rule, before: Rule | null): void;
  /** Puts a rule one place up or down, from where it stands now: keys come faster than what they change is drawn. */
  step(id: string, by: 'up' | 'down'): void;
}

export function useRuleCommands(): RuleCommands {
  const answers = useQueryClient();
  const toast = useToast();
  const w = useWords(words);
  const { t, dates } = useSpeech();
  return useMemo(() => {
    // Moves are shown at once and given one after the other: each names the version that the one before made.
    let turns: Promise<void> = Promise.resolve();
    let waiting = 0;
    const readAgain = (): void => {
      if (waiting === 0) {
        void answers.invalidateQueries({ queryKey: ['rules'] });
      }
    };
    const refused = (why: string): void => toast({ tone: 'trouble', text: w.refused(why) });

    /** Why a command on a rule was refused, with who had been faster. */
    const why = async (id: string, errors: readonly ErrorFragment[]): Promise<string> => {
      const [error] = errors;
      const last = error?.code === 'STALE' ? (await history(id).catch(() => [])).at(0) : undefined;
      return last ? `${error!.message}. ${w.versions.how[last.how] ?? last.how} ${w.versions.by(last.author.name, dates.moment(last.savedAt))}` : error?.message ?? '';
    };

    const give = async (id: string, command: () => Promise<Payload>, done?: (now: Rule | null) => Toast): Promise<boolean> => {
      try {
        const { rule, userErrors } = await command();
        if (userErrors.length > 0) {
          refused(await why(id, userErrors));
          return false;
        }
        keep(answers, rule);
        if (done) {
          toast(done(rule ?? null));
        }
        return true;
      } catch (failure) {
        refused(whyOf(failure, t));
        return false;
      } finally {
        readAgain();
      }
    };

    const turn = (rule: Pick<Rule, 'id' | 'version'>, on: boolean) => async (): Promise<Payload> =>
      (await ask(RuleSwitchDocument, { input: { ruleId: rule.id, version: rule.version, on } })).ruleSwitch;
    const put = (rule: Rule, before: Rule | null) => async (): Promise<Payload> =>
      (await ask(RuleMoveDocument, { input: { ruleId: rule.id, version: rule.version, beforeId: before?.id ?? null } })).ruleMove;
    const back = (rule: Rule, to: number) => async (): Promise<Payload> =>
      (await ask(RuleRestoreDocument, { input: { ruleId: rule.id, version: rule.version, to } })).ruleRestore;
    const go = (now: Rule, way: Way): void => {
      void give(now.id, 'before' in way ? put(now, way.before) : back(now, way.version), () => ({ text: w.movedBack(now.name) }));
    };

    const move = (rule: Rule, before: Rule | null): void => {
      const rules = answers.getQueryData<Rule[]>(['rules']) ?? [];
      const after = moved(rules, rule, before);
      const kept = after.filter(isKept);
      void answers.cancelQueries({ queryKey: ['rules'], exact: true }); // what it brings may be older
      answers.setQueryData(['rules'], after);
      waiting++;
      turns = turns.then(async () => {
        const now = answers.getQueryData<Rule[]>(['rules'])?.find((r) => r.id === rule.id) ?? rule; // its version may be of a move before this one
        await give(rule.id, put(now, before), (there) => {
          const way = there && wayBack(rules, rule, there.priority);
          return {
            text: w.moved(rule.name, kept.findIndex((r) => r.id === rule.id) + 1, kept.length),
            undo: way ? () => go(there, way) : undefined,
          };
        });
      }).finally(() => {
        waiting--;
        readAgain();
      });
    };

    return {
      switchOn: (rule) => give(rule.id, turn(rule, true), () => ({ text: w.switchedOn(rule.name) })),
      switchOff: (rule) => give(rule.id, turn(rule, false), (now) => ({
        text: w.switchedOff(rule.name),
        undo: now ? () => void give(rule.id, turn(now, true), () => ({ text: w.switchedOn(rule.name) })) : undefined,
      })),
      restore: (rule, to) => give(rule.id, back(rule, to), (now) => ({
        text: w.restored(now?.name ?? rule.name, to),
        undo: now ? () => void give(rule.id, back(now, rule.version), (again) => ({ text: w.restored(again?.name ?? rule.name, rule.version) })) : undefined,
      })),
      remove: async (rule) => {
        const { ruleRemove } = await ask(RuleRemoveDocument, { input: { ruleId: rule.id, version: rule.version } });
        if (ruleRemove.userErrors.length === 0) {
          toast({ text: w.removedNow(rule.name) });
        }
        void answers.invalidateQueries({ queryKey: ['rules'] });
        return ruleRemove.userErrors;
      },
      move,
      step: (id, by) => {
        const rules = answers.getQueryData<Rule[]>(['rules']) ?? [];
        const rule = rules.find((r) => r.id === id);
        const { previous, next, afterNext } = neighbours(rules, id);
        if (rule && (by === 'up' ? previous : next)) {
          move(rule, by === 'up' ? previous! : afterNext ?? null);
        }
      },
    };
  }, [answers, toast, w, t, dates]);
}

/** Takes a rule as a command gave it back, so that the next command names its version. */
export function keep(answers: QueryClient, rule: Rule | null | undefined): void {
  if (rule) {
    answers.setQueryData<Rule[]>(['rules'], (rules) => rules?.map((r) => (r.id === rule.id && r.version <= rule.version ? rule : r)));
  }
}
