import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, phone, Visitor } from './browser';
import { Demo, until } from './demo';
import { putOldMail } from './old-mail';
import { quiet } from './quiet';

const zoomed = { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }; // 1280 by 900 at 200 %

describe.skipIf(missing)(`the overview${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
    await quiet(demo);
    for (const days of [3, 3, 9, 12, 20, 26]) {
      await putOldMail(demo, 'tributi@pec.comune.borgoverde.example', `Di ${days} giorni fa`, new Date(Date.now() - days * 86_400_000));
    }
    await until('the old mail', async () => (await demo.ask<{ caseCount: number }>(demo.person('Sara Bellini'), '{ caseCount(filter: { urgencies: [BREACHED] }) }')).caseCount >= 5);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  test('every large figure leads to the list of what it counts, and so do marks of charts and cells of tables', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/overview');
    const { page } = sara;
    const tiles = page.locator('section[aria-label=Adesso] a, section[aria-label="Nel periodo"] a');
    await tiles.first().waitFor();
    await sara.check('overview');
    let some = 0;
    for (let i = 0; i < await tiles.count(); i++) {
      await until(`a list as long as figure ${i} says`, async () => { // receipts come while this goes on
        const text = (await tiles.nth(i).innerText()).replaceAll('.', '');
        const n = Number(/\((\d+) pratic/.exec(text)?.[1] ?? /\n(\d+)\n?/.exec(text)?.[1] ?? '0');
        await tiles.nth(i).click();
        const listed = await found(page);
        await page.goBack();
        await tiles.nth(i).waitFor();
        if (listed !== n) {
          await page.waitForTimeout(1_000); // it is read again by then
          return false;
        }
        some += n;
        return true;
      });
    }
    expect(some).toBeGreaterThan(100);

    // By keyboard alone: one stop for the chart, arrows between its marks.
    const marks = page.getByRole('group', { name: 'Arrivate ed evase' }).getByRole('link');
    await marks.last().focus();
    await page.keyboard.press('ArrowUp');
    const told = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    expect(told).toMatch(/^Arrivate, \d\d\/\d\d\/\d{4}: \d+$/);
    await page.keyboard.press('Enter');
    expect(await found(page)).toBe(Number(told.split(' ').at(-1)));
    await page.goBack();

    const paces = page.getByRole('region', { name: 'Tempi per ufficio' }).first();
    await paces.getByRole('button', { name: 'Mostra come tabella' }).click();
    const cell = page.getByRole('table').first().locator('tbody td a').first();
    const n = Number(await cell.textContent());
    await sara.check('overview-table');
    await cell.click();
    expect(await found(page)).toBe(n);
    await sara.check('cases-narrowed');
    await page.getByRole('button', { name: /^Togli il filtro: Assegnate dal/ }).click();
    await until('more cases without the filter', async () => (await found(page)) > n);
    expect(new URL(page.url()).searchParams.has('assignedFrom')).toBe(false);
    await sara.leave();
  }, 90_000);

  test('the figures follow what happens, and a head has those of the office', async () => {
    const carla = await Visitor.enter(browser, demo, 'Carla Monti', '/overview?days=7');
    const toAssign = carla.page.locator('section[aria-label=Adesso] a', { hasText: 'Da assegnare' }).locator('b');
    const before = Number(await toAssign.textContent());
    await sort(demo, 'Tributi');
    await until('the figure of the office', async () => Number(await toAssign.textContent()) === before + 1);
    await carla.check('overview-office');
    await carla.page.locator('section[aria-label=Adesso] a', { hasText: 'Da assegnare' }).click();
    expect(await found(carla.page)).toBe(before + 1);
    await carla.leave();
  });

  test('the spreadsheet has the same figures, as Excel of Italy opens it', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/overview');
    const link = sara.page.getByRole('link', { name: 'Scarica CSV: Arrivate ed evase' });
    const [download] = await Promise.all([sara.page.waitForEvent('download'), link.click()]);
    const bytes = readFileSync(await download.path());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const [head, ...lines] = bytes.toString('utf8').slice(1).trim().split(/\r?\n/);
    expect(head).toBe('Giorno;Arrivate;Evase;Aperte a fine giornata;Termini scaduti');
    const arrived = lines.reduce((sum, line) => sum + Number(line.split(';')[1]), 0);
    expect(lines).toHaveLength(30);
    expect(await sara.page.locator('section[aria-label="Nel periodo"] a', { hasText: 'Arrivate' }).locator('b').textContent()).toBe(String(arrived));
    await sara.leave();
  });

  test('the wall says how much waits and since when, of nobody', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/overview/wall', { viewport: { width: 1920, height: 1080 } });
    const { page } = sara;
    await page.addInitScript(() => {
      WakeLock.prototype.request = (type) => Promise.resolve({ type: document.documentElement.dataset['awake'] = type, release: () => Promise.resolve() } as unknown as WakeLockSentinel);
    });
    await page.reload();
    await page.locator('html[data-awake=screen]').waitFor();
    await page.getByRole('heading', { name: 'Smistamento' }).waitFor();
    await sara.check('wall');
    const waiting = page.locator('li', { hasText: 'da smistare' }).locator('b').first();
    const before = Number(await waiting.textContent());
    await demo.send('Oggetto che a parete non si vede');
    await until('one more on the wall', async () => Number(await waiting.textContent()) === before + 1);
    const text = await page.locator('main').innerText();
    expect(text).not.toContain('Oggetto che a parete');
    for (const { name } of demo.where.people) {
      expect(text).not.toContain(name);
    }
    expect(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight && document.querySelector('main > div')!.scrollHeight <= innerHeight)).toBe(true);
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/overview$/);
    await sara.leave();
  });

  test('on a phone, in the dark and at 200 % nothing runs over the edge', async () => {
    const screens = [['/overview', 'section[aria-label=Adesso] a'], ['/overview/wall', 'h2'], ['/cases?status=unmerged&closedFrom=2026-01-01&sortedFrom=2026-01-01', '[role=grid]']] as const;
    for (const [how, options] of [['phone', phone], ['zoom', zoomed], ['dark', { ...zoomed, viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1, colorScheme: 'dark' as const }]] as const) {
      const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/overview', options);
      for (const [path, there] of screens) {
        await sara.page.goto(demo.url + path);
        await sara.page.locator(there).first().waitFor();
        await sara.page.locator(':visible', { hasText: /^\d+ pratic|Tempi per ufficio|da smistare/i }).last().waitFor();
        await sara.check(`${how}-${path.split('?')[0]!.slice(1).replace('/', '-')}`);
        expect([how, path, await sara.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)]).toEqual([how, path, 0]);
      }
      await sara.leave();
    }
  });
});

/** How many cases the list says that it found. */
async function found(page: Page): Promise<number> {
  const said = page.getByText(/^[\d.]+ pratic(a|he)$/);
  await said.waitFor();
  return Number((await said.textContent())!.replaceAll('.', '').split(' ')[0]);
}

/** Sends the oldest case of the desk to the office with such a name. */
async function sort(demo: Demo, office: string): Promise<void> {
  const sara = demo.person('Sara Bellini');
  const { offices, cases } = await demo.ask<{ offices: { nodes: { id: string; name: string }[] }; cases: { nodes: { id: string; version: number }[] } }>(
    sara, '{ offices(first: 50) { nodes { id name } } cases(first: 1, filter: { statuses: [TO_SORT] }) { nodes { id version } } }');
  const { id, version } = cases.nodes[0]!;
  const officeId = offices.nodes.find((o) => o.name.includes(office))!.id;
  await demo.ask(sara, 'mutation($input: CaseSortInput!) { caseSort(input: $input) { userErrors { message } } }', { input: { caseId: id, version, officeId } });
}
