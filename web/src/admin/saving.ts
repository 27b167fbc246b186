// A command that a form gives: what was wrong with it stands at its field, and all
// that was typed stays.

import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { Unreachable } from '../api/ask';
import type { ErrorFragment } from '../generated/graphql';
import { useSpeech, type Words } from '../words/words';

export interface Saving {
  saving: boolean;
  /** What is wrong with a field; nothing when it is right. */
  at(field: string): string | undefined;
  /** What is wrong with the whole; empty when nothing is. */
  whole: string;
  /** Gives the command; whether it was done. */
  save(command: () => Promise<readonly ErrorFragment[]>): Promise<boolean>;
  /** Of the form: the first field that is wrong gets the focus. */
  form: RefObject<HTMLFormElement | null>;
}

export function useSaving(...fields: readonly string[]): Saving {
  const { t } = useSpeech();
  const [errors, setErrors] = useState<readonly Pick<ErrorFragment, 'message' | 'path'>[]>([]);
  const [saving, setSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const save = useCallback(async (command: () => Promise<readonly ErrorFragment[]>) => {
    setSaving(true);
    try {
      const refusals = await command();
      setErrors(refusals);
      return refusals.length === 0;
    } catch (failure) {
      setErrors([{ message: whyOf(failure, t), path: [] }]);
      return false;
    } finally {
      setSaving(false);
    }
  }, [t]);
  useEffect(() => {
    if (errors.length > 0) {
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    }
  }, [errors]);
  return {
    saving,
    save,
    form,
    at: (field) => errors.find((e) => fieldOf(e) === field)?.message,
    whole: errors.filter((e) => !fields.includes(fieldOf(e))).map((e) => e.message).join(' '),
  };
}

/** The field that an error is about; empty for the whole. */
function fieldOf({ path }: Pick<ErrorFragment, 'path'>): string {
  return path.at(-1) ?? '';
}

/** Why there was no answer. */
export function whyOf(failure: unknown, t: Words): string {
  return failure instanceof Unreachable ? t.unreachable : failure instanceof Error ? failure.message : String(failure);
}
