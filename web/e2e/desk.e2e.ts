import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, phone, Visitor } from './browser';
import { Demo } from './demo';

const rows = '[role=grid] [role=row]';

describe.skipIf(missing)(`the sorting desk${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  test('a PEC arrives, is read and sorted by keyboard alone, taken back, and the next one opens by itself', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await page.waitForSelector(rows);
    await page.getByText('In tempo reale').waitFor();
    await demo.send('Richiesta unica di prova');
    const fresh = page.locator(rows, { hasText: 'Richiesta unica di prova' });
    await fresh.waitFor();
    await page.keyboard.press('Home');
    await page.frameLocator('article iframe').getByText('Buongiorno.').waitFor();
    expect(await fresh.getAttribute('data-active')).not.toBeNull();
    await sara.check('desk');

    await page.keyboard.press('a');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.type('trib');
    await sara.check('desk-office');
    await page.keyboard.press('Enter');
    await fresh.waitFor({ state: 'detached' });
    await page.getByText(/Smistata a .*[Tt]ributi/).first().waitFor();
    await page.locator('[role=row][data-active]').waitFor();
    expect(await page.locator('article h2').first().textContent()).not.toContain('Richiesta unica di prova');

    await page.keyboard.press('z');
    await fresh.waitFor();
    await page.getByText('Di nuovo da smistare').waitFor();
    expect(sara.wrongs).toEqual([]);
    await sara.leave();
  });

  test('what one sorts disappears from the other’s list, and who is late is told who was faster', async () => {
    await demo.send('Contesa fra due');
    const [sara, davide] = await Promise.all([
      Visitor.enter(browser, demo, 'Sara Bellini', '/desk'),
      Visitor.enter(browser, demo, 'Davide Orsi', '/desk'),
    ]);
    const at = (v: Visitor) => v.page.locator(rows, { hasText: 'Contesa fra due' });
    await at(sara).click();
    await at(davide).click();
    await davide.page.locator('article', { hasText: 'Contesa fra due' }).waitFor();
    await sara.page.getByText('In esame da Davide Orsi').first().waitFor();
    await sara.page.keyboard.press('a');
    await sara.page.getByRole('dialog').getByRole('combobox').fill('edil');
    await davide.page.keyboard.press('a');
    await davide.page.getByRole('dialog').getByRole('combobox').fill('suap');
    await sara.page.keyboard.press('Enter');
    await sara.page.getByText('Smistata a Edilizia').first().waitFor();
    // It is what Davide reads: it stays in its place and says what became of it, and
    // no longer what it says, which is the office's from now on.
    const read = davide.page.locator('[role=row][data-active]');
    await read.getByText(/Da assegnare – Edilizia/).waitFor();
    expect(await read.textContent()).not.toContain('Contesa fra due');
    await davide.leave();
    await sara.leave();
  });

  test('new ones wait behind a pill while somebody points at the list', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await page.waitForSelector(rows);
    await page.hover(`${rows} >> nth=1`);
    const before = await page.locator(`${rows} >> nth=0`).textContent();
    await demo.send('Non deve spostare niente');
    const pill = page.getByRole('button', { name: '1 nuova PEC – mostra' });
    await pill.waitFor();
    expect(await page.locator(`${rows} >> nth=0`).textContent()).toBe(before);
    await pill.click();
    await page.locator(`${rows} >> nth=0`, { hasText: 'Non deve spostare niente' }).waitFor();
    await sara.leave();
  });

  test('a server that is killed is told, what is shown is not called fresh, and nothing is missing afterwards', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await page.waitForSelector(rows);
    await page.getByText('In tempo reale').waitFor();
    await demo.kill();
    await page.getByText(/Non in linea – dati delle/).waitFor({ timeout: 30_000 });
    expect(await page.locator(rows).count()).toBeGreaterThan(0);
    await demo.restart();
    await demo.send('Dopo la caduta');
    await page.getByText('In tempo reale').waitFor({ timeout: 30_000 });
    await page.locator(rows, { hasText: 'Dopo la caduta' }).waitFor();
    await sara.leave();
  }, 120_000);

  test('on a phone: list, message, office, and back', async () => {
    await demo.send('Dal telefono', 'Testo lungo da leggere.');
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk', phone);
    const { page } = sara;
    const row = page.locator(rows, { hasText: 'Dal telefono' });
    await row.waitFor();
    await sara.check('phone-desk');
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
    await row.tap();
    await page.frameLocator('article iframe').getByText('Testo lungo da leggere.').waitFor();
    await sara.check('phone-message');
    await page.goBack();
    await row.tap();
    await page.getByRole('button', { name: 'Smista', exact: true }).tap();
    await page.getByRole('option', { name: /Ragioneria/ }).tap();
    await row.waitFor({ state: 'detached' });
    await page.getByText('Smistata a').first().waitFor();
    await sara.leave();
  });
});
