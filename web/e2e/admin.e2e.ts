import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, phone, Visitor } from './browser';
import { Demo } from './demo';

describe.skipIf(missing)(`the administration${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  test('a mailbox is tried, and its password set, by keyboard alone', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/');
    const { page } = ada;
    const box = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /^protocollo@/ }) });
    await box.getByText('In ordine').waitFor();
    await ada.check('admin-mailboxes');
    await command(page, 'Prova connessione: protocollo');
    await page.getByText('La prova è riuscita.').waitFor();
    await page.getByText('Nome utente e password: riuscito').first().waitFor();
    await ada.check('admin-mailbox-check');
    await page.keyboard.press('Escape');
    await page.waitForTimeout(10_000); // the server lets nobody try more often
    await command(page, 'Imposta password: protocollo');
    await page.getByLabel('Nuova password').waitFor();
    await page.keyboard.type('sbagliata-di-proposito');
    await page.keyboard.press('Enter');
    await page.getByText('la password non è stata conservata').waitFor();
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('sbagliata-di-proposito');
    await page.getByText('Nome utente e password: non riuscito').waitFor();
    await ada.check('admin-mailbox-password-refused');
    await page.waitForTimeout(10_000);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(demo.where.provider.password);
    await page.keyboard.press('Enter');
    await page.getByText(/Password di protocollo@.* conservata/).waitFor();
    await ada.leave();
  });

  test('an office is made, and a person who heads it comes in and sees it', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/offices');
    const { page } = ada;
    await page.getByRole('cell', { name: 'Ufficio Tributi tributi' }).waitFor();
    await ada.check('admin-offices');
    await page.keyboard.press('n');
    await page.getByLabel('Nome').waitFor();
    await page.keyboard.type('Polizia locale');
    await page.keyboard.press('Tab');
    await page.keyboard.type('tributi');
    await page.keyboard.press('Enter');
    await page.getByText('C’è già un ufficio con questo codice.').waitFor();
    await ada.check('admin-office-refused');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('polizia');
    await page.keyboard.press('Enter');
    await page.getByText('Ufficio creato: Polizia locale').waitFor();

    await command(page, 'Vai a Persone');
    await page.getByRole('cell', { name: 'Sara Bellini' }).waitFor();
    await ada.check('admin-people');
    await page.keyboard.press('n');
    await page.getByLabel('Nome e cognome').waitFor();
    await page.keyboard.type('Vera Conti');
    await page.keyboard.press('Tab');
    await page.keyboard.type('vera.conti@comune.borgoverde.example');
    await page.keyboard.press('Tab');
    await page.keyboard.type('breve');
    await page.keyboard.press('Enter');
    await page.getByText('la password ha almeno 10 caratteri').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('una-password-lunga');
    await page.getByRole('dialog').getByLabel('Ufficio').focus();
    await page.keyboard.type('Polizia');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Capo');
    await ada.check('admin-person-add');
    await page.keyboard.press('Enter');
    await page.getByText('Capo di Polizia locale: il contenuto di tutte le pratiche dell’ufficio.').waitFor();
    await ada.check('admin-person');
    await ada.leave();
  });
});

/** Gives a command by the palette. */
async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').waitFor();
  await page.keyboard.type(title);
  await page.getByRole('option', { name: title }).first().waitFor();
  await page.keyboard.press('Enter');
}
void phone;
