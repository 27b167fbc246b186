// What holds of every screen: it fits, can be read large, by keyboard, without
// movement, in either language.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, phone, Visitor } from './browser';
import { Demo } from './demo';
import { againstFingers, clipped, lostFocus, moving, screens, space, texts, tooSmall, tooWide } from './sweep';

const small = { ...phone, viewport: { width: 320, height: 640 } }; // also what 1280 pixels are at 400 %
const large = { letters: 32, viewport: { width: 2600, height: 1600 } }; // with letters twice as large: as many of them as usual
/** What is called the same in both languages. */
const same = /^(Smista|Italiano|English|PEC|E-mail|Password|Token|CSV|Gmail|Ctrl\+Enter|SHA-256|Cc|HTML|autosize measurement)$/; // the last is a library's, and never shown

describe.skipIf(missing)(`all screens${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** Shows somebody all of that person's screens, one after the other, and asks what is wrong with each. Gives back what the server said. */
  async function walk(who: string, { letters = 16, ...options }: { letters?: number; [name: string]: unknown }, ask: (page: Page, path: string) => Promise<readonly string[]>): Promise<string[]> {
    const visitor = await Visitor.enter(browser, demo, who, '/me', options);
    const { page } = visitor;
    const answers: Promise<string>[] = [];
    page.on('response', (r) => /\/(graphql|api\/)/.test(r.url()) && answers.push(r.text().catch(() => '')));
    if (letters !== 16) {
      const cdp = await page.context().newCDPSession(page);
      await cdp.send('Page.setFontSizes', { fontSizes: { standard: letters, fixed: letters } });
      await page.reload();
    }
    const wrong: string[] = [];
    for (const [path, there] of screens[who]!) {
      await page.locator('main').waitFor();
      await page.evaluate((to) => history.pushState(null, '', to), path);
      await page.locator(there).first().waitFor();
      await page.waitForFunction(() => !/Un momento…|One moment…/.test(document.querySelector('main')!.textContent!) && !document.querySelector('[aria-busy=true]'));
      wrong.push(...(await ask(page, path)).map((w) => `${path}: ${w}`));
    }
    expect([...wrong, ...visitor.wrongs]).toEqual([]);
    const said = (await Promise.all(answers)).flatMap(strings);
    await visitor.leave();
    return said;
  }

  test.each(['Sara Bellini', 'Carla Monti', 'Ada Ferraris'])('on a phone: the screens of %s', async (who) => {
    await walk(who, small, async (page, path) => [
      ...await tooWide(page), ...path === '/overview/wall' ? [] : await tooSmall(page), ...await againstFingers(page), ...await whileSpaced(page),
    ]);
  });

  // In English with letters twice as large, then in Italian: by keyboard, without movement, and widely spaced.
  test.each(['Carla Monti'])('at a desk: the screens of %s', async (who) => {
    const read = { it: new Map<string, string[]>(), en: new Map<string, string[]>() };
    const inEnglish = { cookies: [], origins: [{ origin: demo.url, localStorage: [{ name: 'smista.language', value: 'en' }] }] };
    const said = new Set([
      ...await walk(who, { ...large, storageState: inEnglish }, async (page, path) => {
        read.en.set(path, await texts(page));
        return [...await inLanguage(page, 'en'), ...await clipped(page), ...await tooWide(page)];
      }),
      ...await walk(who, { viewport: { width: 1300, height: 800 }, reducedMotion: 'reduce' }, async (page, path) => {
        read.it.set(path, await texts(page));
        return [...await inLanguage(page, 'it'), ...await moving(page), ...await whileSpaced(page), ...await lostFocus(page)];
      }),
    ]);
    const data = [...said].join('\n');
    const isData = (text: string): boolean => text.split(/[,:;()]+\s+|\s+[·–→(]\s*/).every((part) => !/\p{L}{2}/u.test(part) || /GMT/.test(part) || same.test(part) || data.includes(part));
    const inOne = [...read.it].flatMap(([path, all]) => all.filter((text) => read.en.get(path)!.includes(text) && !isData(text)).map((text) => `${path}: ${text}`));
    expect(inOne, 'texts in one language').toEqual([]);
  }, 120_000);
});

const inLanguage = (page: Page, language: string): Promise<string[]> => page.evaluate((wanted) => {
  const { lang } = document.documentElement;
  return lang === wanted ? [] : [`lang=${lang}`];
}, language);

/** What is cut off of texts while they are widely spaced. */
async function whileSpaced(page: Page): Promise<string[]> {
  const undo = await space(page);
  const cut = await clipped(page);
  await undo();
  return cut.map((what) => `spaced: ${what}`);
}

/** All texts in an answer. */
function strings(answer: string): string[] {
  const all: string[] = [];
  try {
    JSON.parse(answer, (_, value: unknown) => typeof value === 'string' && all.push(value));
  } catch {
    // not one of the API's
  }
  return all;
}
