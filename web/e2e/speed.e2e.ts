// Measurements, printed and not judged: how long it takes from a key to what is seen,
// how a very long list scrolls, and how soon a new PEC is on the screen. Not a part of
// the other tests: npm run speed.

import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, Visitor } from './browser';
import { Demo, until } from './demo';
import { quiet } from './quiet';

const rows = '[role=grid] [role=row]';
const documents = JSON.parse(readFileSync(new URL('../src/generated/persisted-documents.json', import.meta.url), 'utf8')) as Record<string, string>;

describe.skipIf(missing)(`how fast it is${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
    await quiet(demo);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  test('from a key to the paint, in a list of 5,000', async () => {
    const page = await manyRows(browser, demo, 5_000);
    await page.evaluate(() => {
      const taken: number[] = ((globalThis as unknown as { taken: number[] }).taken = []);
      document.addEventListener('keydown', (event) => {
        requestAnimationFrame(() => { // what follows a frame is after its paint
          const after = new MessageChannel();
          after.port1.onmessage = () => taken.push(performance.now() - event.timeStamp);
          after.port2.postMessage(null);
        });
      }, true);
    });
    await page.locator('[role=grid]').focus();
    for (let i = 0; i < 150; i++) {
      await page.keyboard.press('ArrowDown');
      await page.waitForTimeout(30);
    }
    const taken = await page.evaluate(() => (globalThis as unknown as { taken: number[] }).taken);
    tell('key to paint, 5,000 rows', taken);
    expect(taken.length).toBeGreaterThan(100);
    await page.context().close();
  }, 120_000);

  test('scrolling through 100,000', async () => {
    const page = await manyRows(browser, demo, 100_000);
    const frames = await page.evaluate(async () => {
      const list = document.querySelector('[role=grid]')!;
      const step = (list.scrollHeight - list.clientHeight) / 300;
      const taken: number[] = [];
      let before = await new Promise<number>(requestAnimationFrame);
      for (let i = 0; i < 300; i++) {
        list.scrollTop += step;
        const now = await new Promise<number>(requestAnimationFrame);
        taken.push(now - before);
        before = now;
      }
      return taken;
    });
    tell('frame while scrolling, 100,000 rows', frames);
    await page.locator('[role=row][aria-rowindex="100000"]').waitFor();
    await page.context().close();
  }, 120_000);

  test('from the commit of a new PEC to the screen', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await page.locator(rows).first().waitFor();
    await page.getByText('In tempo reale').waitFor();
    await page.evaluate(() => {
      const seen: Record<string, number> = ((globalThis as unknown as { seen: Record<string, number> }).seen = {});
      new MutationObserver(() => {
        for (const row of document.querySelectorAll('[role=row]')) {
          const subject = /Misura [0-9a-f-]{36}/.exec(row.textContent ?? '')?.[0];
          if (subject !== undefined) {
            seen[subject] ??= Date.now();
          }
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    const subjects = Array.from({ length: 20 }, () => `Misura ${crypto.randomUUID()}`);
    for (const subject of subjects) {
      await demo.send(subject);
      await until(subject, () => page.evaluate((s) => (globalThis as unknown as { seen: Record<string, number> }).seen[s] !== undefined, subject));
    }
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: Record<string, number> }).seen);
    const { events } = await demo.ask<{ events: { nodes: { occurredAt: string; case: { subject: string } }[] } }>(
      demo.person('Sara Bellini'), '{ events(last: 30, filter: { kinds: [CASE_OPENED] }) { nodes { occurredAt ... on CaseOpened { case { subject } } } } }');
    const taken = events.nodes.filter((e) => seen[e.case.subject] !== undefined).map((e) => seen[e.case.subject]! - Date.parse(e.occurredAt));
    tell('commit to screen, 20 PECs', taken);
    expect(taken).toHaveLength(subjects.length);
    await sara.leave();
  }, 120_000);
});

/** Prints percentiles, in milliseconds. */
function tell(what: string, taken: readonly number[]): void {
  const sorted = taken.toSorted((a, b) => a - b);
  const rank = (p: number): string => sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)]!.toFixed(0);
  console.log(`${what}: p50 ${rank(0.5)} ms, p95 ${rank(0.95)} ms, most ${rank(1)} ms, of ${sorted.length}`);
}

/** The desk of a house with that many cases to sort: answers about real ones are given for each of many. */
async function manyRows(browser: Browser, demo: Demo, many: number): Promise<Page> {
  const hashOf = (name: string): string => Object.entries(documents).find(([, text]) => text.includes(`query ${name}(`))![0];
  const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/cases');
  const { page } = sara;
  await page.addInitScript(({ many, cases, read, may }) => {
    const real = globalThis.fetch.bind(globalThis);
    let base: { id: string; number: string }[] = [];
    globalThis.fetch = async (input, init) => {
      const body = typeof init?.body === 'string' ? init.body : '';
      if (body.includes(cases)) {
        const response = await real(input, init);
        const answer = (await response.json()) as { data: { cases: { nodes: typeof base; pageInfo: { hasNextPage: boolean } } } };
        base = answer.data.cases.nodes;
        answer.data.cases.nodes = Array.from({ length: many }, (_, i) => ({ ...base[i % base.length]!, id: `many${i}`, number: `2026/${String(many - i).padStart(6, '0')}` }));
        answer.data.cases.pageInfo.hasNextPage = false;
        return { status: 200, json: () => Promise.resolve(answer) } as Response;
      }
      const id = body.includes(read) || body.includes(may) ? /many(\d+)/.exec(body) : null;
      if (id) {
        const meant = base[Number(id[1]) % base.length]!.id;
        const response = await real(input, { ...init, body: body.replaceAll(id[0], meant) });
        const text = (await response.text()).replaceAll(meant, id[0]);
        return { status: 200, json: () => Promise.resolve(JSON.parse(text)) } as Response;
      }
      return real(input, init);
    };
  }, { many, cases: hashOf('Cases').replace('sha256:', ''), read: hashOf('CaseRead').replace('sha256:', ''), may: hashOf('CaseMay').replace('sha256:', '') });
  await page.goto(`${demo.url}/desk`);
  await page.locator(rows).first().waitFor();
  await until('all of the rows', async () => (await page.locator('[role=grid]').getAttribute('aria-rowcount')) === String(many));
  return page;
}
