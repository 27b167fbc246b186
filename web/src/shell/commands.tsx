import { createContext, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Keyboard, type Command, type Scheme } from './keys';

/** The commands that can be given now, by the screens that are there. */
class Registry {
  #groups = new Map<object, readonly Command[]>();
  #above = new Map<object, string>();
  #all: readonly Command[] = [];
  #watchers = new Set<() => void>();

  get all(): readonly Command[] {
    return this.#all;
  }

  watch = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  };

  set(owner: object, commands: readonly Command[] | null, above?: string): void {
    this.#above.delete(owner);
    if (commands === null) {
      this.#groups.delete(owner);
    } else {
      this.#groups.set(owner, commands);
      if (above !== undefined) {
        this.#above.set(owner, above);
      }
    }
    const stays = [...this.#above.values()];
    this.#all = [...this.#groups].flatMap(([by, list]) => (
      stays.length === 0 || this.#above.has(by) ? list : list.filter((c) => stays.includes(c.group))
    ));
    this.#watchers.forEach((w) => w());
  }
}

interface Commanding {
  registry: Registry;
  scheme: Scheme;
  setScheme(scheme: Scheme): void;
}

const Context = createContext<Commanding | null>(null);
const kept = 'smista.keys';

function schemeKept(): Scheme {
  const scheme = localStorage.getItem(kept);
  return scheme === 'none' || scheme === 'gmail' ? scheme : 'simple';
}

/** Listens to the keyboard for everything inside it. */
export function CommandCenter({ children }: { children: ReactNode }) {
  const [scheme, setScheme] = useState(schemeKept);
  const registry = useRef<Registry>(null);
  registry.current ??= new Registry();
  const current = useRef(scheme);
  useEffect(() => {
    current.current = scheme;
    localStorage.setItem(kept, scheme);
  }, [scheme]);
  useEffect(() => {
    const keyboard = new Keyboard(() => registry.current!.all, () => current.current);
    const press = (event: KeyboardEvent): void => {
      if (keyboard.press(event)) {
        event.preventDefault();
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  const commanding = useMemo(() => ({ registry: registry.current!, scheme, setScheme }), [scheme]);
  return <Context value={commanding}>{children}</Context>;
}

function useCommanding(): Commanding {
  const commanding = useContext(Context);
  if (!commanding) {
    throw new Error('outside of <CommandCenter>');
  }
  return commanding;
}

/**
 * Offers commands for as long as the component is there. What stands above the page,
 * as a dialog does, leaves of other commands those of one group alone.
 */
export function useCommands(commands: readonly Command[], above?: string): void {
  const { registry } = useCommanding();
  const owner = useRef({});
  useEffect(() => {
    registry.set(owner.current, commands, above);
  }, [registry, commands, above]);
  useEffect(() => {
    const { current } = owner;
    return () => registry.set(current, null);
  }, [registry]);
}

/** All commands that can be given now. */
export function useAllCommands(): readonly Command[] {
  const { registry } = useCommanding();
  return useSyncExternalStore(registry.watch, () => registry.all);
}

/** The scheme of keys, and how to change it. */
export function useScheme(): [Scheme, (scheme: Scheme) => void] {
  const { scheme, setScheme } = useCommanding();
  return [scheme, setScheme];
}
