// What holds of every screen, asked of the one that is shown. Each answer is a list of
// what is wrong, empty when nothing is.

import type { Page } from 'playwright-core';

/** Screens that people of each kind have, by what is there once they are. */
export const screens: Readonly<Record<string, readonly (readonly [path: string, there: string])[]>> = {
  'Sara Bellini': [
    ['/desk', '[role=grid] [role=row]'], ['/desk/movements', 'main h1'], ['/cases', '[role=grid] [role=row]'], ['/overview', 'main section b'], ['/overview/wall', 'h2'],
  ],
  'Carla Monti': [['/offices/tributi', '[class*=card]'], ['/offices/tributi?view=list', '[role=row]'], ['/offices/tributi?view=people', 'main h2'], ...['profile', 'notices', 'absences', 'templates', 'tokens'].map((s) => [`/me/${s}`, `[data-section="/me/${s}"]`] as const)],
  'Luca Bassi': [['/todo', 'main h2'], ['/cases/new', 'main h1'], ['/cases/one', '[role=textbox], textarea'], ['/cases/one?reply', '[role=textbox]']],
  'Ada Ferraris': ['mailboxes', 'offices', 'people', 'rules', 'deadlines', 'templates', 'troubles', 'register', 'system'].map((s) => [`/admin/${s}`, `[data-section="/admin/${s}"]`] as const),
};

/** What stands out over the edge to the side, where the page itself would have to be moved. */
export const tooWide = (page: Page): Promise<string[]> => page.evaluate(() => (document.documentElement.scrollWidth <= innerWidth ? [] : [
  `${document.documentElement.scrollWidth} of ${innerWidth}`,
  ...[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(-3).map((e) => e.outerHTML.slice(0, 120)),
]));

/** What can be pressed and is smaller than 44 pixels, on a phone; marks of charts can be had in a table. */
export const tooSmall = (page: Page): Promise<string[]> => page.evaluate(() => [...document.querySelectorAll('button, a[href]:not([data-mark]), select, input, [role=option]')]
  .filter((e) => {
    const { width, height } = (e.closest('.mantine-PasswordInput-input') ?? e).getBoundingClientRect();
    return width > 0 && height > 1 && (e as HTMLElement).checkVisibility({ visibilityProperty: true }) && (height < 43.5 || width < 43.5) && !e.closest('p:not([data-tone]), label, dd, li, table, [class*=skip]') && !e.matches('[class*=skip], [type=checkbox], [type=radio]');
  }).map((e) => `${e.outerHTML.slice(0, 120)} ${e.getBoundingClientRect().width}x${e.getBoundingClientRect().height}`));

/** What a finger would take up instead of scrolling, and lists that keep a pull to themselves, which refreshes. */
export const againstFingers = (page: Page): Promise<string[]> => page.evaluate(() => [...document.querySelectorAll('main, main *')].filter((e) => {
  const { overflowY, overscrollBehaviorY, touchAction } = getComputedStyle(e);
  return e.getAttribute('draggable') === 'true' || touchAction === 'none' || (/auto|scroll/.test(overflowY) && overscrollBehaviorY !== 'auto');
}).map((e) => `in the way of fingers: ${e.outerHTML.slice(0, 120)}`));

/** Text spaced as widely as WCAG 1.4.12 says that it may be; gives back how to undo it. */
export async function space(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    const style = new CSSStyleSheet(); // which the policy lets pass
    style.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }');
    document.adoptedStyleSheets.push(style);
  });
  return () => page.evaluate(() => void document.adoptedStyleSheets.pop());
}

/** Texts of which a part is cut off by a box that does not scroll and shows no ellipsis for it. */
export const clipped = (page: Page): Promise<string[]> => page.evaluate(() => {
  const wrong: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const within = text.parentElement!;
    if (!text.textContent?.trim() || !within.checkVisibility({ visibilityProperty: true }) || within.closest('svg, style, script, option')) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(text);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    for (let box: Element | null = within; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      const place = box.getBoundingClientRect();
      if (place.width <= 2 || style.position === 'fixed') {
        break; // for screen readers alone; or out of the flow
      }
      const hides = (how: string): boolean => how === 'hidden' || how === 'clip';
      const dots = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
      const below = hides(style.overflowY) && (bottom > place.bottom + 1 || top < place.top - 1) && style.webkitLineClamp === 'none';
      const beside = hides(style.overflowX) && (right > place.right + 1 || left < place.left - 1) && !dots;
      const overNext = box.parentElement?.getAttribute('role') === 'presentation' && box.matches('[role=row]') && bottom > place.bottom + 2; // rows stand at places of their own
      if (below || beside || overNext) {
        wrong.push(`${text.textContent.trim().slice(0, 40)}: cut by ${box.outerHTML.slice(0, 90)}`);
        break;
      }
      if (dots || style.overflowY === 'auto' || style.overflowY === 'scroll' || style.overflowX === 'auto') {
        break; // what is beyond can be scrolled to, or is known to be there
      }
    }
  }
  return [...new Set(wrong)];
});

/** Animations and transitions that last, for who wants none. */
export const moving = (page: Page): Promise<string[]> => page.evaluate(() => [...document.querySelectorAll('*')].flatMap((e) => ['', '::before', '::after'].flatMap((part) => {
  const { animationDuration, transitionDuration } = getComputedStyle(e, part || null);
  return [animationDuration, transitionDuration].some((d) => d.split(',').some((one) => parseFloat(one) > 0.001)) ? [`${e.outerHTML.slice(0, 100)}${part} ${animationDuration} ${transitionDuration}`] : [];
})));

/** Goes through the screen by Tab, and tells where the focus is covered, outside of what is seen, or not to be seen. */
export async function lostFocus(page: Page, most = 60): Promise<string[]> {
  const wrong: string[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const [said, more] = await page.evaluate(() => {
      interface Before { stop: Element; look: string }
      const kept = globalThis as unknown as { before?: Before; passed?: Set<Element> };
      const styles = (e: Element): CSSStyleDeclaration[] => [
        ...[e, e.parentElement, e.parentElement?.parentElement, e.nextElementSibling].filter((x) => x != null).map((x) => getComputedStyle(x)), getComputedStyle(e, '::before'), getComputedStyle(e, '::after'),
      ];
      const look = (e: Element): string => styles(e).map((s) => [s.outlineStyle === 'none' ? '' : s.outline, s.boxShadow, s.borderColor, s.backgroundColor].join()).join('|');
      const wrong: string[] = [];
      const { before } = kept;
      if (before && document.activeElement !== before.stop && before.stop.isConnected && look(before.stop) === before.look) {
        wrong.push(`looks the same with the focus: ${before.stop.outerHTML.slice(0, 120)}`);
      }
      const stop = document.activeElement;
      delete kept.before;
      if (!stop || stop === document.body) {
        delete kept.passed;
        return [wrong, false] as const;
      }
      if ((kept.passed ??= new Set()).has(stop)) {
        return [wrong, false] as const;
      }
      kept.passed.add(stop);
      const seen = (e: Element): boolean => {
        const [r] = e.getClientRects();
        if (!r) {
          return false;
        }
        const there = document.elementFromPoint(r.left + Math.min(3, r.width / 2), r.top + Math.min(3, r.height / 2));
        return there !== null && (e.contains(there) || (e as HTMLInputElement).labels?.[0]?.contains(there) === true || e.closest('[class*=Input-wrapper]')?.contains(there) === true);
      };
      const isDrawn = stop.tagName === 'INPUT' && (stop.getBoundingClientRect().width < 3 || getComputedStyle(stop).opacity === '0'); // by what stands beside it
      const shown = isDrawn ? (stop as HTMLInputElement).labels?.[0] ?? stop : stop;
      if (!seen(shown)) {
        const [r] = shown.getClientRects();
        const over = r && document.elementFromPoint(r.left + 3, r.top + 3);
        wrong.push(`covered: ${stop.outerHTML.slice(0, 120)} at ${r && [r.left, r.top, r.width, r.height].map(Math.round).join()} by ${over?.outerHTML.slice(0, 80)}`);
      }
      if (stop.tagName !== 'IFRAME') {
        kept.before = { stop, look: look(stop) };
      }
      return [wrong, true] as const;
    });
    wrong.push(...said);
    if (!more) {
      break;
    }
  }
  return wrong;
}

/** All that a person reads or hears: texts, names and hints, and the title. */
export const texts = (page: Page): Promise<string[]> => page.evaluate(() => {
  const all = new Set<string>([document.title]);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    if (!text.parentElement!.closest('script, style, noscript')) {
      all.add(text.textContent!.trim());
    }
  }
  for (const e of document.querySelectorAll('[aria-label], [title], [placeholder], [alt], [aria-description], [aria-roledescription]')) {
    ['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-roledescription'].forEach((name) => all.add(e.getAttribute(name)?.trim() ?? ''));
  }
  return [...all].filter((text) => /\p{L}{2}/u.test(text));
});
