// What holds of every screen: it fits, can be read large, by keyboard, without
// movement, in either language. And what holds of the client as a program: versions,
// sessions, what stays on a device.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { desktop, launch, missing, phone, Visitor } from './browser';
import { Demo, until } from './demo';
import { againstFingers, clipped, lostFocus, moving, screens, space, texts, tooSmall, tooWide } from './sweep';

const small = { ...phone, viewport: { width: 320, height: 640 } }; // also what 1280 pixels are at 400 %
const large = { letters: 32, viewport: { width: 2600, height: 1600 } }; // with letters twice as large: as many of them as usual
const people = Object.keys(screens);
/** What is called the same in both languages. */
const same = /^(Smista|Italiano|English|PEC|E-mail|Password|Token|CSV|Gmail|Ctrl\+Enter|SHA-256|Cc|HTML|autosize measurement)$/; // the last is a library's, and never shown

describe.skipIf(missing)(`all screens${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;
  /** A case of Luca Bassi, and the reply that he writes in it. */
  let one: string;
  let reply: string;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
    const luca = demo.person('Luca Bassi');
    const { cases } = await demo.ask<{ cases: { nodes: { id: string; number: string; version: number }[] } }>(luca, '{ cases(first: 1, filter: { statuses: [TO_ASSIGN], unassigned: true }) { nodes { id number version } } }');
    const { id: caseId, number, version } = cases.nodes[0]!;
    one = `/cases/${number}`;
    const { replyStart } = await demo.ask<{ replyStart: { reply: { id: string } } }>(
      luca, 'mutation($one: CaseInput!, $reply: ReplyStartInput!) { caseTake(input: $one) { userErrors { message } } replyStart(input: $reply) { reply { id } } }',
      { one: { caseId, version }, reply: { caseId, manner: 'NEW' } },
    );
    reply = replyStart.reply.id;
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
      await page.evaluate((to) => history.pushState(null, '', to), path.replace('/cases/one', one).replace('?reply', `?reply=${reply}`));
      await page.locator(there).first().waitFor();
      await page.waitForFunction(() => !/Un momento…|One moment…/.test(document.querySelector('main')!.textContent!) && !document.querySelector('[aria-busy=true]'));
      wrong.push(...(await ask(page, path)).map((w) => `${path}: ${w}`));
    }
    expect([...wrong, ...visitor.wrongs]).toEqual([]);
    const said = (await Promise.all(answers)).flatMap(strings);
    await visitor.leave();
    return said;
  }

  test.each(people)('on a phone: the screens of %s', async (who) => {
    await walk(who, small, async (page, path) => [
      ...await tooWide(page), ...path === '/overview/wall' ? [] : await tooSmall(page), ...await againstFingers(page), ...await whileSpaced(page),
    ]);
  });

  // In English with letters twice as large, then in Italian: by keyboard, without movement, and widely spaced.
  test.each(people)('at a desk: the screens of %s', async (who) => {
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
    const isData = (text: string): boolean => text.split(/[,:;()]+\s+|(?:^|\s+)[·–→(]\s*/).every((part) => !/\p{L}{2}/u.test(part) || /GMT/.test(part) || same.test(part) || data.includes(part));
    const inOne = [...read.it].flatMap(([path, all]) => all.filter((text) => read.en.get(path)!.includes(text) && !isData(text)).map((text) => `${path}: ${text}`));
    expect(inOne, 'texts in one language').toEqual([]);
  }, 120_000);

  test('what the policy refuses is seen by these tests, also in frames', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/me');
    await sara.page.evaluate(() => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.contentDocument!.body.appendChild(document.createElement('img')).src = 'https://elsewhere.example/';
    });
    await until('the refusal', () => sara.wrongs.some((w) => w.startsWith('policy: img-src')));
    await sara.leave();
  });

  test('a long list by Home, End and pages; the focus stays on it when what is read scrolls away', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/cases');
    const { page } = sara;
    const grid = page.locator('[role=grid]');
    await grid.locator('[role=row]').first().waitFor();
    await grid.focus();
    const at = async (): Promise<number> => Number(await grid.locator('[data-active]').getAttribute('aria-rowindex'));
    const goes = async (key: string, holds: (row: number) => boolean): Promise<void> => {
      await page.keyboard.press(key);
      await until(`${key} to move`, async () => (await grid.locator('[data-active]').count()) === 1 && holds(await at()));
      expect(await grid.evaluate((e) => document.activeElement === e && e.getAttribute('aria-activedescendant') === e.querySelector('[data-active]')!.id)).toBe(true);
    };
    await goes('Home', (row) => row === 1);
    await goes('PageDown', (row) => row > 4);
    const page1 = await at();
    await goes('PageDown', (row) => row === 2 * page1 - 1);
    await goes('PageUp', (row) => row === page1);
    await goes('End', (row) => row > page1);
    const last = await at();
    await grid.evaluate((e) => e.scrollTo(0, 0));
    await grid.locator('[aria-rowindex="1"]').waitFor();
    expect(await grid.locator('[data-active]').count()).toBe(0); // not drawn any more
    await goes('ArrowUp', (row) => row === last - 1);
    await sara.check('cases-paged');
    await sara.leave();
  });

  test('a new version waits until it is wanted, and what was typed is still there then', async () => {
    const luca = await Visitor.enter(browser, demo, 'Luca Bassi', `${one}?reply=${reply}`);
    const { page } = luca;
    const text = page.getByRole('textbox', { name: 'Testo' });
    await text.waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload(); // from now on by the worker
    await text.waitFor();
    await page.evaluate(() => { // the same worker under another name is another version of it
      document.documentElement.dataset['old'] = '';
      return navigator.serviceWorker.register('/worker.js?newer', { scope: '/', updateViaCache: 'none' }).then(() => undefined);
    });
    await page.getByText('È pronta una nuova versione.').waitFor();
    await text.focus();
    await page.keyboard.type('Scritto mentre aspettava');
    expect(await page.locator('html[data-old]').count()).toBe(1);
    await page.getByRole('button', { name: 'Ricarica' }).click();
    await page.locator('html:not([data-old])').waitFor();
    await text.getByText('Scritto mentre aspettava').waitFor();
    await luca.check('renewed');
    await luca.leave();
  });

  test('a part of an older version that is no longer to be had: the page says so and goes on', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk', { serviceWorkers: 'block' });
    const { page } = sara;
    await page.locator('[role=grid] [role=row]').first().waitFor();
    await page.route('**/assets/overview-*.js', (route) => route.fulfill({ status: 404 }));
    await page.getByRole('link', { name: 'Andamento' }).click();
    await page.getByText('È pronta una nuova versione.').waitFor();
    await page.getByRole('link', { name: 'Smistamento' }).click();
    await page.locator('[role=grid] [role=row]').first().waitFor();
    await sara.leave();
  });

  test('a session is told to end minutes before it does, and goes on where one is', async () => {
    const { password } = demo.person('Luca Bassi');
    const luca = await Visitor.enter(browser, demo, 'Luca Bassi', '/me', { ...desktop, serviceWorkers: 'block' });
    const { page } = luca;
    const { viewer: { user: me } } = await demo.ask<{ viewer: { user: { id: string; name: string } } }>(demo.person('Luca Bassi'), '{ viewer { user { id name } } }');
    let lasts = 3 * 60_000;
    await page.route('**/api/v1/session', async (route) => {
      if (route.request().method() !== 'GET' || lasts === 0) {
        lasts = 0; // signed in again: as long as the server says
        await route.continue();
        return;
      }
      await route.fulfill({ json: { ...me, until: new Date(Date.now() + lasts).toISOString() } });
    });
    await page.goto(`${demo.url}${one}?reply=${reply}`);
    const toast = page.getByRole('alert').filter({ hasText: /La sessione finisce alle \d\d:\d\d/ });
    await toast.waitFor();
    await page.getByRole('textbox', { name: 'Testo' }).focus();
    await page.keyboard.type('Prima della fine. ');
    await toast.getByRole('button', { name: 'Accedi di nuovo' }).press('Enter');
    await page.getByRole('dialog').getByLabel('Password').waitFor();
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('textbox', { name: 'Testo' }).getByText('Prima della fine.').waitFor();
    expect(await toast.count()).toBe(0);
    await luca.leave();
  });

  test('what a person left on a device goes when another one signs in there, and when somebody ends the session', async () => {
    const davide = await Visitor.enter(browser, demo, 'Davide Orsi', '/desk', phone);
    const { page, context } = davide;
    const kept = (): Promise<{ bases: string[]; owner: string | null; caches: string[] }> => page.evaluate(async () => ({
      bases: (await indexedDB.databases()).map((b) => b.name!), owner: localStorage.getItem('smista.owner'), caches: await caches.keys(),
    }));
    await page.locator('[role=grid] [role=row]').first().tap();
    await page.locator('article iframe').first().waitFor();
    await until('something of Davide Orsi', async () => (await kept()).bases.some((b) => b.startsWith('smista ')));
    const before = (await kept()).owner;

    const { email, password } = demo.person('Bruno Sala');
    await context.clearCookies();
    await page.goto(`${demo.url}/sign-in`);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    await page.locator('main').waitFor();
    await until('the other one', async () => (await kept()).owner !== before);
    await until('nothing of Davide Orsi', async () => !(await kept()).bases.includes(`smista ${before}`));
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.goto(`${demo.url}/cases`);
    await page.locator('[role=grid] [role=row]').first().tap();
    await page.locator('article iframe').first().waitFor();
    await until('something of Bruno Sala', async () => (await kept()).bases.some((b) => b.startsWith('smista ')));

    const ada = demo.person('Ada Ferraris');
    const { users } = await demo.ask<{ users: { nodes: { id: string; name: string }[] } }>(ada, '{ users(first: 50) { nodes { id name } } }');
    await demo.ask(ada, 'mutation($i: UserSetInput!) { userSet(input: $i) { userErrors { message } } }', { i: { userId: users.nodes.find((u) => u.name === 'Bruno Sala')!.id, disabled: true } });
    await page.getByRole('dialog', { name: 'La sessione è finita: accedi di nuovo' }).waitFor();
    await until('nothing of anybody', async () => JSON.stringify(await kept()) === JSON.stringify({ bases: [], owner: null, caches: [] }));
    await davide.leave();
  });
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
