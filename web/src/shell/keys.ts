// Commands: each has one place where its name, keys and doing stand, and the
// keyboard, the menus, the palette and the sheet of shortcuts all read it there.

export type Scheme = 'none' | 'simple' | 'gmail';

export interface Command {
  id: string;
  /** As menus and the palette call it. */
  title: string;
  /** Under what it stands in the sheet and the palette. */
  group: string;
  /** Its key in each scheme: one character, a named key, or two after each other, as 'g s'. */
  keys?: Partial<Record<Exclude<Scheme, 'none'>, string>> | string;
  /** Whether it can be done now; a menu shows it greyed otherwise. */
  possible?: boolean;
  /** Whether it stands in the menu of a row. */
  ofRow?: boolean;
  run(): void;
}

/** The key of a command in a scheme. Named keys hold in all of them: they collide with no text. */
export function keyOf(command: Command, scheme: Scheme): string | undefined {
  if (typeof command.keys === 'string') {
    return scheme === 'none' && command.keys.length === 1 ? undefined : command.keys;
  }
  return scheme === 'none' ? undefined : command.keys?.[scheme];
}

/** How long the first of two keys is remembered, in milliseconds. */
const between = 1_200;

/** What a keyboard means to the commands that are there. */
export class Keyboard {
  #first = '';
  #at = 0;

  constructor(
    private readonly commands: () => readonly Command[],
    private readonly scheme: () => Scheme,
    private readonly now: () => number = Date.now,
  ) {}

  /** Does what a key means; false when it means nothing here. */
  press(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || isTyping(event.target)) {
      return false;
    }
    if (event.altKey && !event.key.startsWith('Arrow')) { // Alt and a letter are the browser's menus
      return false;
    }
    if ((event.key === 'Enter' || event.key === ' ') && isPressable(event.target)) {
      return false;
    }
    const key = event.altKey ? `Alt+${event.key}` : event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
    const after = this.now() - this.#at < between ? this.#first : '';
    const sequence = after === '' ? key : `${after} ${key}`;
    const scheme = this.scheme();
    const all = this.commands();
    // The last that came stands before: a dialog's commands hide those of the page.
    const found = all.findLast((c) => keyOf(c, scheme) === sequence) ?? all.findLast((c) => keyOf(c, scheme) === key);
    this.#first = found === undefined && all.some((c) => keyOf(c, scheme)?.startsWith(`${key} `)) ? key : '';
    this.#at = this.now();
    if (this.#first !== '') {
      return true;
    }
    if (!found || found.possible === false) {
      return false;
    }
    found.run();
    return true;
  }
}

/** Whether keys go into a text: then they are text and nothing else. */
export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.closest) {
    return false;
  }
  return element.isContentEditable || element.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [role=textbox]') !== null;
}

/** Whether Enter and the space bar press what has the focus. */
function isPressable(target: EventTarget | null): boolean {
  return (target as HTMLElement | null)?.closest?.('button, a[href], summary, [role=button], [role=menuitem], [role=option], [role=tab]') != null;
}
