import { useCallback } from 'react';
import { useSpeech } from '../words/words';
import { useToast, type Toast } from '../shell/toasts';
import { whyOf } from './saving';

/** Gives a command that has no form, and says what became of it; whether it was done. */
export function useTelling(): (command: () => Promise<readonly { message: string }[]>, done: Toast) => Promise<boolean> {
  const { t } = useSpeech();
  const toast = useToast();
  return useCallback(async (command, done) => {
    const [error] = await command().catch((failure: unknown) => [{ message: whyOf(failure, t) }]);
    toast(error ? { tone: 'trouble', text: error.message } : done);
    return error === undefined;
  }, [t, toast]);
}
