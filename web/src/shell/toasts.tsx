// Short messages at the edge, with the way back of what was just done. They stay
// while somebody points at them or has the focus in them.

import { Button, CloseButton } from '@mantine/core';
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useSpeech } from '../words/words';
import { useCommands } from './commands';
import css from './shell.module.css';
import { Icon } from './icon';

export interface Toast {
  text: string;
  tone?: 'done' | 'trouble';
  /** Takes back what was done. */
  undo?: () => void;
  /** A further thing that can be done about it. */
  action?: { title: string; run(): void };
}

interface Standing extends Toast {
  key: number;
}

/** Milliseconds that a message stands when nobody is at it. Troubles stay until they are closed. */
const stands = 10_000;

const Context = createContext<((toast: Toast) => void) | null>(null);

export function useToast(): (toast: Toast) => void {
  const toast = useContext(Context);
  if (!toast) {
    throw new Error('outside of <Toasts>');
  }
  return toast;
}

export function Toasts({ children }: { children: ReactNode }) {
  const { t } = useSpeech();
  const [all, setAll] = useState<readonly Standing[]>([]);
  const next = useRef(0);
  const toast = useCallback((made: Toast) => {
    setAll((before) => [...before.slice(-3), { ...made, key: next.current++ }]);
  }, []);
  const close = useCallback((key: number) => setAll((before) => before.filter((s) => s.key !== key)), []);
  const last = all.findLast((s) => s.undo);
  useCommands(useMemo(() => [{
    id: 'undo', title: t.undo, group: t.groups.everywhere, keys: 'z', possible: last !== undefined,
    run: () => {
      if (last) {
        last.undo?.();
        close(last.key);
      }
    },
  }], [t, last, close]));
  return (
    <Context value={toast}>
      {children}
      <div className={css.toasts}>
        <div role="status" aria-live="polite">
          {all.map((s) => s.tone !== 'trouble' && <One key={s.key} toast={s} close={close} />)}
        </div>
        <div role="alert">
          {all.map((s) => s.tone === 'trouble' && <One key={s.key} toast={s} close={close} />)}
        </div>
      </div>
    </Context>
  );
}

function One({ toast, close }: { toast: Standing; close: (key: number) => void }) {
  const { t } = useSpeech();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || toast.tone === 'trouble') {
      return undefined;
    }
    const timer = setTimeout(() => close(toast.key), stands);
    return () => clearTimeout(timer);
  }, [held, toast, close]);
  const act = (run: () => void) => () => {
    run();
    close(toast.key);
  };
  return (
    <div
      className={css.toast}
      data-tone={toast.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name={toast.tone === 'trouble' ? 'warning' : 'check'} />
      <span>{toast.text}</span>
      {toast.undo && <Button size="compact-sm" variant="default" onClick={act(toast.undo)}>{t.undo}</Button>}
      {toast.action && <Button size="compact-sm" variant="default" onClick={act(toast.action.run)}>{toast.action.title}</Button>}
      <CloseButton size="sm" aria-label={t.close} onClick={() => close(toast.key)} />
    </div>
  );
}
