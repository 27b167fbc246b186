import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, phone, Visitor } from './browser';
import { Demo, until } from './demo';

describe.skipIf(missing)(`the page of a case${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** A new PEC that the desk has sorted to an office. */
  async function sorted(subject: string, office: string): Promise<{ id: string; number: string; path: string }> {
    const sara = demo.person('Sara Bellini');
    await demo.send(subject, 'Buongiorno, chiedo notizie.');
    let found: { id: string; number: string; version: number } | undefined;
    for (const end = Date.now() + 20_000; !found && Date.now() < end; await new Promise((done) => setTimeout(done, 100))) {
      const { cases } = await demo.ask<{ cases: { nodes: { id: string; number: string; version: number }[] } }>(
        sara, 'query($text: String) { cases(first: 1, filter: { text: $text, statuses: [TO_SORT] }) { nodes { id number version } } }', { text: subject });
      [found] = cases.nodes;
    }
    if (!found) {
      throw new Error(`${subject} did not come`);
    }
    const { offices } = await demo.ask<{ offices: { nodes: { id: string; code: string }[] } }>(sara, '{ offices(first: 50) { nodes { id code } } }');
    await demo.ask(sara, 'mutation($input: CaseSortInput!) { caseSort(input: $input) { userErrors { message } } }', {
      input: { caseId: found.id, version: found.version, officeId: offices.nodes.find((o) => o.code === office)!.id },
    });
    return { ...found, path: `/cases/${found.number}` };
  }

  test('by keyboard alone a head assigns, an operator notes and closes with an outcome, and each sees what the other does', async () => {
    const { path } = await sorted('Storia di una pratica', 'tributi');
    const [carla, luca] = await Promise.all([
      Visitor.enter(browser, demo, 'Carla Monti', path),
      Visitor.enter(browser, demo, 'Luca Bassi', path),
    ]);
    await carla.page.getByRole('heading', { name: 'Storia di una pratica', level: 1 }).waitFor();
    await carla.page.frameLocator('article iframe').getByText('Buongiorno, chiedo notizie.').waitFor();
    await luca.page.getByText('In esame da Carla Monti').waitFor();
    await carla.check('case');

    await carla.page.keyboard.press('a');
    await carla.page.getByRole('dialog').getByRole('option', { name: /Luca Bassi/ }).waitFor();
    await carla.check('case-assign');
    await carla.page.keyboard.type('luc');
    await carla.page.keyboard.press('Enter');
    await carla.page.getByText('Assegnata a Luca Bassi').first().waitFor();
    await luca.page.getByText('In lavorazione').waitFor();
    await luca.page.getByRole('button', { name: 'Evadi' }).waitFor();

    await luca.page.keyboard.press('n');
    await luca.page.keyboard.type('Sentito il contribuente al telefono.');
    await luca.page.keyboard.press('Control+Enter');
    await carla.page.getByText('Sentito il contribuente al telefono.').waitFor();
    await luca.page.getByText('Nota aggiunta').waitFor();
    await luca.page.keyboard.press('Tab'); // out of the field, where letters are text

    await luca.page.keyboard.press('e');
    await luca.page.getByRole('dialog').getByRole('radio').first().waitFor();
    await luca.page.keyboard.press('ArrowDown');
    await luca.page.keyboard.press('ArrowDown');
    await luca.check('case-close');
    await luca.page.keyboard.press('Tab');
    await luca.page.keyboard.type('Chiarito a voce.');
    await luca.page.keyboard.press('Control+Enter');
    await luca.page.getByText('Evasa: Risposta data con altri mezzi', { exact: true }).waitFor();
    await carla.page.getByText('Evasa: Risposta data con altri mezzi – «Chiarito a voce.»').waitFor();
    await carla.page.getByRole('button', { name: 'Riapri' }).waitFor();
    await carla.check('case-closed');
    expect([...carla.wrongs, ...luca.wrongs]).toEqual([]);
    await Promise.all([carla.leave(), luca.leave()]);
  }, 60_000);

  test('who is slower is told who was faster, loses nothing that was typed, and may do it anyway', async () => {
    const { path, id } = await sorted('Contesa fra due capi', 'tributi');
    const carla = await Visitor.enter(browser, demo, 'Carla Monti', path);
    const { page } = carla;
    await page.getByRole('button', { name: 'Assegna' }).waitFor();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Nota per chi la riceve').fill('Per favore entro venerdì.');
    await dialog.getByRole('combobox').fill('luca');
    await dialog.getByRole('option', { name: /Luca Bassi/ }).waitFor();

    const giulia = demo.person('Giulia Neri');
    const { node } = await demo.ask<{ node: { version: number } }>(giulia, 'query($id: ID!) { node(id: $id) { ... on Case { version } } }', { id });
    await demo.ask(giulia, 'mutation($input: CaseInput!) { caseTake(input: $input) { userErrors { message } } }', { input: { caseId: id, version: node.version } });

    await dialog.getByRole('combobox').press('Enter');
    await dialog.getByText(/Già presa da Giulia Neri alle/).waitFor();
    expect(await dialog.getByLabel('Nota per chi la riceve').inputValue()).toBe('Per favore entro venerdì.');
    await carla.check('case-conflict');
    await dialog.getByRole('button', { name: 'Assegna comunque' }).click();
    await page.getByText('Assegnata a Luca Bassi').first().waitFor();
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('z'); // back to whom it was
    await page.getByText('Assegnata a Giulia Neri').first().waitFor();
    await carla.leave();
  }, 60_000);

  test('the desk reminds an office, and the office answers, while a half-written note outlives a reload', async () => {
    const { path } = await sorted('Da sollecitare', 'edilizia');
    const [sara, bruno] = await Promise.all([
      Visitor.enter(browser, demo, 'Sara Bellini', path),
      Visitor.enter(browser, demo, 'Bruno Sala', path),
    ]);
    await bruno.page.getByLabel('Nuova nota').fill('A metà di una');
    await bruno.page.reload();
    await bruno.page.getByRole('button', { name: 'Assegna' }).waitFor();
    expect(await bruno.page.getByLabel('Nuova nota').inputValue()).toBe('A metà di una');

    await sara.page.getByRole('button', { name: 'Sollecita l’ufficio' }).click();
    await sara.page.getByRole('dialog').getByLabel('Testo del sollecito').fill('Il cittadino aspetta da giorni.');
    await sara.page.keyboard.press('Control+Enter');
    await sara.page.getByText('Sollecito inviato all’ufficio').waitFor();
    await sara.check('case-desk');

    await bruno.page.getByText('Il cittadino aspetta da giorni.').first().waitFor();
    expect(await bruno.page.getByLabel('Nuova nota').inputValue()).toBe('A metà di una');
    await bruno.page.getByRole('button', { name: 'Rispondi allo smistamento' }).click();
    await bruno.page.getByRole('dialog').getByLabel('Risposta').fill('Rispondiamo domani.');
    await bruno.page.keyboard.press('Control+Enter');
    await sara.page.getByText('Rispondiamo domani.').first().waitFor();
    await Promise.all([sara.leave(), bruno.leave()]);
  }, 60_000);

  test('what an office returns stands at the desk again at once, with who returned it', async () => {
    const { path } = await sorted('Non è per noi', 'tributi');
    const [sara, carla, luca] = await Promise.all([
      Visitor.enter(browser, demo, 'Sara Bellini', '/desk'),
      Visitor.enter(browser, demo, 'Carla Monti', path),
      Visitor.enter(browser, demo, 'Luca Bassi', path),
    ]);
    await luca.page.getByLabel('Nuova nota').fill('Non ancora finita');
    await sara.page.waitForSelector('[role=grid] [role=row]');
    await carla.page.getByRole('button', { name: /Comandi della pratica/ }).click();
    await carla.page.getByRole('menuitem', { name: 'Restituisci allo smistamento' }).click();
    const dialog = carla.page.getByRole('dialog');
    await dialog.getByLabel('Motivo della restituzione').waitFor();
    expect(await dialog.getByRole('button', { name: 'Restituisci allo smistamento' }).isDisabled()).toBe(true);
    await carla.page.keyboard.type('È dello sportello edilizia.');
    await carla.page.keyboard.press('Control+Enter');
    const row = sara.page.locator('[role=grid] [role=row]', { hasText: 'Non è per noi' });
    await row.getByText('restituita da Ufficio Tributi').waitFor({ timeout: 2_000 });
    // Who was writing a note no longer sees the case, and still sees the note.
    await luca.page.getByText('Questa pratica non c’è, o non la puoi vedere.').waitFor();
    expect(await luca.page.getByLabel('La nota che stavi scrivendo').inputValue()).toBe('Non ancora finita');
    await Promise.all([sara.leave(), carla.leave(), luca.leave()]);
  }, 60_000);

  test('who gets the work of somebody who is away is asked and told', async () => {
    const bruno = demo.person('Bruno Sala');
    const { users } = await demo.ask<{ users: { nodes: { id: string; name: string }[] } }>(bruno, '{ users(first: 100) { nodes { id name } } }');
    const id = (name: string): string => users.nodes.find((u) => u.name === name)!.id;
    await demo.ask(bruno, 'mutation($input: AbsencePlanInput!) { absencePlan(input: $input) { userErrors { message } } }', {
      input: { userId: id('Nadia Costa'), delegateId: id('Pietro Vinci'), from: new Date().toISOString(), until: new Date(Date.now() + 7 * 86_400_000).toISOString() },
    });
    const { path } = await sorted('Per chi è in ferie', 'edilizia');
    const visitor = await Visitor.enter(browser, demo, 'Bruno Sala', path);
    const { page } = visitor;
    await page.getByRole('button', { name: 'Assegna' }).waitFor();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('option', { name: /Nadia Costa.*assente fino al .*: sostituisce Pietro Vinci/ }).waitFor();
    await page.keyboard.type('nadia');
    await page.keyboard.press('Enter');
    await dialog.getByText(/La pratica andrà a Pietro Vinci/).waitFor();
    await visitor.check('case-away');
    await page.keyboard.press('Enter');
    await page.getByText('Assegnata a Pietro Vinci').first().waitFor();
    await page.getByText('al posto di Nadia Costa').waitFor();
    await visitor.leave();
  }, 60_000);

  test('charge is taken, asked for and handed over; a reply is written beside what it answers', async () => {
    const { path } = await sorted('Presa in carico', 'tributi');
    const [carla, luca] = await Promise.all([
      Visitor.enter(browser, demo, 'Carla Monti', path),
      Visitor.enter(browser, demo, 'Luca Bassi', path),
    ]);
    await luca.page.getByRole('button', { name: 'Prendi' }).waitFor();
    await luca.page.keyboard.press('c');
    await luca.page.getByText('In mano a te').waitFor();
    await carla.page.getByText('In mano a Luca Bassi').waitFor();
    await carla.page.getByRole('button', { name: 'Chiedi il passaggio' }).click();
    await luca.page.getByText('Qualcuno ha chiesto il passaggio del carico.').waitFor();
    await luca.page.getByRole('button', { name: 'Cedi' }).click();
    await carla.page.getByText('In mano a te').waitFor();

    await carla.page.keyboard.press('r');
    await carla.page.getByRole('region', { name: 'Risposta' }).getByRole('textbox', { name: 'Testo' }).waitFor();
    await carla.page.frameLocator('article iframe').getByText('Buongiorno, chiedo notizie.').waitFor();
    await carla.check('case-reply');
    await luca.page.getByRole('button', { name: /Risposta · Bozza/ }).waitFor();
    await Promise.all([carla.leave(), luca.leave()]);
  }, 60_000);

  test('from a list to a case, to the ones beside it, and back to the same place', async () => {
    const carla = await Visitor.enter(browser, demo, 'Carla Monti', '/cases');
    const { page } = carla;
    await page.waitForSelector('[role=grid] [role=row]');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.locator('[role=row][data-active]').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(/^2 di \d+$/).waitFor();
    await page.keyboard.press('j');
    await page.getByText(/^3 di \d+$/).waitFor();
    await page.keyboard.press('k');
    await page.getByText(/^2 di \d+$/).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[role=row][data-active][aria-rowindex="2"]').waitFor();
    await carla.leave();
  }, 60_000);

  test('receipts stand at each recipient, the deadline tells how it was reckoned, and it is as good in the dark', async () => {
    const carla = demo.person('Carla Monti');
    let number = '';
    let address = '';
    await until('a reply that came somewhere', async () => {
      const { replies } = await demo.ask<{ replies: { nodes: { case: { number: string }; recipients: { address: string; status: string }[] }[] } }>(
        carla, '{ replies(first: 20, filter: { states: [SENT] }) { nodes { case { number } recipients { address status } } } }');
      const sent = replies.nodes.find((r) => r.recipients.some((p) => p.status === 'DELIVERED'));
      number = sent?.case.number ?? '';
      address = sent?.recipients[0]?.address ?? '';
      return sent !== undefined;
    });
    const visitor = await Visitor.enter(browser, demo, 'Carla Monti', `/cases/${number}`, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    const { page } = visitor;
    const reply = page.getByRole('button', { name: /Risposta · Inviata/ });
    await reply.waitFor();
    if (await reply.getAttribute('aria-expanded') === 'false') {
      await reply.click();
    }
    const ladder = page.getByRole('region', { name: 'Ricevute' });
    await ladder.getByText(address).waitFor();
    const receipt = ladder.getByRole('link', { name: /Scarica la ricevuta: Accettata/ }).first();
    const href = (await receipt.getAttribute('href'))!;
    expect(await page.evaluate(async (path) => (await fetch(path)).text(), href)).toContain('X-Ricevuta: accettazione');
    await page.getByText('Come è calcolata').first().click();
    await page.getByText(/il giorno iniziale non si conta/).first().waitFor();
    await visitor.check('case-receipts-dark');
    await visitor.leave();
  }, 60_000);

  test('on a phone everything stands in one column, and what is done next where the thumb is', async () => {
    const { path } = await sorted('Dal telefono in ufficio', 'tributi');
    const luca = await Visitor.enter(browser, demo, 'Luca Bassi', path, { ...phone, reducedMotion: 'reduce' });
    const { page } = luca;
    await page.frameLocator('article iframe').getByText('Buongiorno, chiedo notizie.').waitFor();
    const take = page.getByRole('button', { name: 'Prendi', exact: true });
    const box = await take.boundingBox();
    expect(box!.y).toBeGreaterThan(600);
    expect(box!.height).toBeGreaterThanOrEqual(44);
    await luca.check('phone-case');
    await page.getByRole('heading', { name: 'Cronologia' }).scrollIntoViewIfNeeded();
    expect((await take.boundingBox())!.y).toBe(box!.y);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await take.tap();
    await page.getByText('Ora è tua').waitFor();
    await page.getByRole('button', { name: /Comandi della pratica/ }).tap();
    await page.getByRole('menuitem', { name: 'Aggiungi una nota' }).waitFor();
    await luca.check('phone-case-menu');
    await luca.leave();
  }, 60_000);
});
