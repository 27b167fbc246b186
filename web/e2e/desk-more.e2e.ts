import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, phone, Visitor } from './browser';
import { Demo, until } from './demo';
import { putOldMail } from './old-mail';
import { quiet } from './quiet';

const rows = '[role=grid] [role=row]';

describe.skipIf(missing)(`what the desk has beyond sorting${missing && ` (${missing})`}`, () => {
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

  test('the menu of a row is the same by key, by mouse and by ⋯, and the palette has no other commands of a case', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await page.locator(rows).first().waitFor();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('ArrowDown');
    const active = page.locator('[role=row][data-active]');
    await active.waitFor();
    await page.getByRole('group', { name: 'Uffici suggeriti' }).waitFor();

    await page.keyboard.press('Shift+F10');
    const byKey = await menu(page);
    await sara.check('desk-menu');
    await page.keyboard.press('Escape');
    await until('the focus back on the list', () => page.evaluate(() => document.activeElement?.getAttribute('role') === 'grid'));
    await active.click({ button: 'right', position: { x: 200, y: 20 } });
    const byMouse = await menu(page);
    await page.keyboard.press('Escape');
    await active.getByRole('button', { name: /^Comandi della pratica/ }).click();
    const byDots = await menu(page);
    await page.keyboard.press('Escape');
    expect(byKey.length).toBeGreaterThan(5);
    expect(byMouse).toEqual(byKey);
    expect(byDots).toEqual(byKey);

    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    const palette = await page.getByRole('dialog').getByRole('option').evaluateAll((all) => all.map((o) => ({ title: o.querySelector('span')!.textContent!, group: o.querySelector('small')!.textContent! })));
    expect(palette.map((c) => c.title)).toEqual(expect.arrayContaining(byKey));
    expect(palette.filter((c) => c.group === 'Pratica').map((c) => c.title).toSorted()).toEqual(byKey.filter((title) => !['Apri', 'Seleziona'].includes(title)).toSorted());
    await page.keyboard.press('Escape');

    // A story by keyboard: menu, command, text, done, and the focus is in the list again.
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Aggiungi una nota' }).waitFor();
    for (let i = 0; i < byKey.length && await page.evaluate(() => !document.activeElement?.matches('[role=menuitem]') || !document.activeElement.textContent.includes('nota')); i++) {
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('textbox').first().waitFor();
    await page.keyboard.type('Letta dal menu');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Nota aggiunta').first().waitFor();
    expect(sara.wrongs).toEqual([]);
    await sara.leave();
  });

  test('a view is saved with its filter and order, counts live, is there after a reload, and can be taken away and back', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk?split=ordinary&oldest=1');
    const { page } = sara;
    await page.getByText('In tempo reale').waitFor();
    await page.getByRole('button', { name: 'Salva questa vista' }).click();
    await page.getByRole('dialog').getByRole('textbox').waitFor();
    await page.keyboard.type('Non certificate, vecchie');
    await page.keyboard.press('Enter');
    const view = page.getByRole('region', { name: 'Viste salvate' }).getByRole('button', { name: /^Non certificate, vecchie/ });
    await view.waitFor();
    const count = async (): Promise<number> => Number((await view.textContent())!.trim().split(' ').at(-1));
    await until('its count', async () => (await count()) > 0);
    const before = await count();
    await putOldMail(demo, 'protocollo@pec.comune.borgoverde.example', 'Una posta ordinaria in più', new Date());
    await until('one more in the view', async () => (await count()) === before + 1);
    await page.getByRole('button', { name: /^Da smistare/ }).click();
    await page.reload();
    await view.click();
    expect(new URL(page.url()).search).toContain('split=ordinary&oldest=1');
    await until('as many rows', async () => (await page.locator(rows).count()) === before + 1);
    await sara.check('desk-view');

    // What the desk saved is on the phone, and what a browser kept before comes along.
    const pocket = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk', phone);
    await pocket.page.getByRole('combobox', { name: 'Viste salvate' }).selectOption('Non certificate, vecchie');
    await pocket.page.waitForURL('**/desk?split=ordinary&oldest=1*');
    await pocket.check('phone-desk-view');
    const { viewer } = await demo.ask<{ viewer: { user: { id: string } } }>(demo.person('Sara Bellini'), '{ viewer { user { id } } }');
    const keptAt = `smista.views.${viewer.user.id}`;
    await pocket.page.evaluate(([key, kept]) => localStorage.setItem(key!, kept!), [keptAt, JSON.stringify([{ name: 'Di una volta', place: '/desk', search: '?split=late' }])]);
    await pocket.page.reload();
    await page.getByRole('region', { name: 'Viste salvate' }).getByRole('button', { name: /^Di una volta/ }).waitFor();
    await until('it is kept there no longer', () => pocket.page.evaluate((key) => localStorage.getItem(key) === null, keptAt));
    await pocket.leave();

    await page.getByRole('button', { name: 'Togli la vista Non certificate, vecchie' }).click();
    await view.waitFor({ state: 'detached' });
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('z');
    await view.waitFor();
    await sara.leave();
  });

  test('what comes to a second mailbox stays one case, and is among the duplicates at once', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk?split=repeated');
    const { page } = sara;
    await page.getByText('In tempo reale').waitFor();
    const twice = page.locator(rows, { hasText: 'Mandata a due caselle' });
    const day = new Date();
    await putOldMail(demo, 'protocollo@pec.comune.borgoverde.example', 'Mandata a due caselle', day, 'due-caselle');
    const arrived = () => demo.ask<{ caseCount: number }>(demo.person('Sara Bellini'), '{ caseCount(filter: { text: "Mandata a due caselle" }) }');
    await until('its case', async () => (await arrived()).caseCount === 1);
    expect(await twice.count()).toBe(0);
    await putOldMail(demo, 'tributi@pec.comune.borgoverde.example', 'Mandata a due caselle', day, 'due-caselle');
    await twice.getByText('Arrivata più volte').waitFor();
    expect((await arrived()).caseCount).toBe(1);
    await sara.check('desk-duplicates');
    await page.getByRole('button', { name: /^Proposte/ }).click();
    await page.waitForURL('**/desk?split=proposed*');
    await sara.leave();
  });

  test('panes are made wider by key and mouse, rows closer, and both are remembered', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await page.locator(rows).first().waitFor();
    const width = async (): Promise<number> => Math.round((await page.locator('[role=grid]').boundingBox())!.width);
    const line = page.getByRole('separator', { name: 'Larghezza dell’elenco' });
    const before = await width();
    await line.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await until('a wider list', async () => (await width()) === before + 48);
    const box = (await line.boundingBox())!;
    await page.mouse.move(box.x + 1, 400);
    await page.mouse.down();
    await page.mouse.move(box.x - 60, 400, { steps: 4 });
    await page.mouse.up();
    await until('a narrower one', async () => Math.abs((await width()) - (before - 12)) <= 2);
    const left = await width();
    await page.getByRole('button', { name: 'Righe compatte' }).click();
    const tall = async (): Promise<number> => Math.round((await page.locator(rows).first().boundingBox())!.height);
    await until('compact rows', async () => (await tall()) === 34);
    await sara.check('desk-compact');
    await page.reload();
    await page.locator(rows).first().waitFor();
    expect([await width(), await tall()]).toEqual([left, 34]);
    await sara.leave();
  });

  test('one office is competent and others have it for information', async () => {
    await demo.send('Per tre uffici');
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await page.locator(rows, { hasText: 'Per tre uffici' }).click();
    await page.locator('article', { hasText: 'Per tre uffici' }).waitFor();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Anche per conoscenza a…').click();
    await dialog.getByRole('checkbox', { name: 'Ragioneria' }).check();
    await dialog.getByRole('checkbox', { name: /Avvocatura/ }).check();
    await sara.check('desk-informed');
    await dialog.getByRole('combobox').fill('edil');
    await page.keyboard.press('Enter');
    await page.getByText(/Smistata a Edilizia.*per conoscenza a .*Ragioneria/).first().waitFor();
    await sara.leave();
  });

  test('Ctrl+A selects what was read, then all of the filter, and many are sorted as a job that tells how far it is', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => demo.send(`Una di tante ${i}`)));
    await until('many at the desk', async () => (await demo.ask<{ caseCount: number }>(demo.person('Sara Bellini'), '{ caseCount(filter: { statuses: [TO_SORT] }) }')).caseCount > 55);
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await page.locator(rows).first().waitFor();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('Control+a');
    await page.getByText('50 selezionate').waitFor();
    await sara.check('desk-bulk');
    await page.getByRole('button', { name: /^Seleziona tutte le \d+ del filtro$/ }).click();
    const all = Number(/\d+/.exec((await page.getByText(/^(5[1-9]|[6-9]\d) selezionate$/).textContent())!)![0]);
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('a');
    await page.getByRole('dialog').getByRole('combobox').fill('rag');
    await page.keyboard.press('Enter');
    await page.getByText(`Smistate ${all} di ${all}`).waitFor();
    await page.getByText('Niente da smistare.').waitFor();
    await sara.check('desk-job');
    await page.keyboard.press('z');
    await page.getByText('Di nuovo da smistare').waitFor();
    await until('all of them back', async () => (await demo.ask<{ caseCount: number }>(demo.person('Sara Bellini'), '{ caseCount(filter: { statuses: [TO_SORT] }) }')).caseCount === all);
    await sara.leave();
  });
});

/** What an open menu offers, as far as it can be done now. */
async function menu(page: Page): Promise<string[]> {
  await page.getByRole('menuitem', { name: 'Aggiungi una nota' }).waitFor();
  return page.getByRole('menuitem').evaluateAll((items) => items.filter((i) => !i.hasAttribute('data-disabled')).map((i) => i.querySelector('[class*=itemLabel]')!.textContent!));
}
