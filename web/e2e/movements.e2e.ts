import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, phone, Visitor } from './browser';
import { Demo, until } from './demo';
import { putOldMail } from './old-mail';
import { quiet } from './quiet';

const rows = '[role=grid] [role=row]';
const zoomed = { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }; // 1280 by 900 at 200 %

describe.skipIf(missing)(`movements and delays${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
    await quiet(demo);
    for (const days of [60, 45, 40]) {
      await putOldMail(demo, 'tributi@pec.comune.borgoverde.example', `Mai evasa da ${days} giorni`, new Date(Date.now() - days * 86_400_000));
    }
    await until('the old mail', async () => (await demo.ask<{ caseCount: number }>(demo.person('Sara Bellini'), '{ caseCount(filter: { urgencies: [BREACHED] }) }')).caseCount >= 3);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  test('what happens and what is late is seen by two, and one reminds the office', async () => {
    const [sara, davide] = await Promise.all(['Sara Bellini', 'Davide Orsi'].map((who) => Visitor.enter(browser, demo, who, '/desk/movements')));
    await davide!.page.getByRole('heading', { name: 'Pratiche scadute o in scadenza' }).waitFor();
    await sara!.page.getByText('In tempo reale').waitFor();
    await davide!.page.getByText('In tempo reale').waitFor();
    await sara!.page.getByRole('button', { name: /^Ufficio Tributi.*3 scadute/ }).click();
    await sara!.check('movements');
    const remind = sara!.page.getByRole('button', { name: /^Sollecita la pratica/ }).first();
    const number = (await remind.getAttribute('aria-label'))!.split(' ').at(-1)!;
    await remind.click();
    await sara!.page.getByRole('dialog').getByRole('textbox').first().fill('Aspetta da due mesi');
    await sara!.page.keyboard.press('Control+Enter');
    await davide!.page.locator('li', { hasText: number }).getByText('Sollecito a Ufficio Tributi').waitFor();
    await sara!.page.getByText(/Sollecitata il .*, senza risposta/).waitFor();
    await davide!.page.getByText(/Sollecitata il .*, senza risposta/).waitFor();
    await davide!.leave();
    await sara!.leave();
    for (const [how, options] of [['phone', phone], ['zoom', zoomed], ['dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' as const }]] as const) {
      const one = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk/movements', options);
      await one.page.getByRole('heading', { name: 'Pratiche scadute o in scadenza' }).waitFor();
      await one.page.getByText('Sollecito a Ufficio Tributi').first().waitFor();
      await one.check(`${how}-movements`);
      expect([how, await one.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)]).toEqual([how, 0]);
      await one.page.goto(`${demo.url}/desk`);
      await one.page.locator(rows).first().waitFor();
      await one.check(`${how}-desk`);
      expect([how, await one.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)]).toEqual([how, 0]);
      await one.leave();
    }
  });
});
