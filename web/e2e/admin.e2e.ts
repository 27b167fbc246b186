import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { desktop, launch, missing, tabTo, Visitor } from './browser';
import { Demo, until } from './demo';

const tributi = 'tributi@pec.comune.borgoverde.example';
const narrow = { viewport: { width: 320, height: 700 }, hasTouch: true, isMobile: true };
const sections = ['mailboxes', 'offices', 'people', 'templates', 'troubles', 'register', 'system'];

describe.skipIf(missing)(`the administration${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
    // A PEC whose content the provider withholds: after some tries it is set aside.
    await demo.provider('POST', 'faults', { do: 'nil-body', box: tributi });
    await demo.provider('POST', 'send', { from: 'anna.morandi@pec.cittadini.example', to: [tributi], subject: 'Senza contenuto', text: 'Prova.' });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  test('an office is made, and a person who heads it comes in and sees it; all by keyboard', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/');
    const { page } = ada;
    await page.getByRole('heading', { name: 'Caselle', level: 1 }).waitFor();
    await command(page, 'Vai a Uffici');
    await page.getByRole('cell', { name: 'Ufficio Tributi tributi' }).waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Nome').waitFor();
    await page.keyboard.type('Polizia locale');
    await page.keyboard.press('Tab');
    await page.keyboard.type('tributi');
    await page.keyboard.press('Enter');
    await page.getByText('C’è già un ufficio con questo codice.').waitFor();
    await ada.check('admin-office-refused');
    expect(await focused(page)).toBe('tributi');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('polizia');
    await page.keyboard.press('Enter');
    await page.getByText('Ufficio creato: Polizia locale').waitFor();

    await command(page, 'Vai a Persone');
    await page.getByRole('cell', { name: 'Sara Bellini' }).waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Nome e cognome').waitFor();
    await page.keyboard.type('Vera Conti');
    await page.keyboard.press('Tab');
    await page.keyboard.type('vera.conti@comune.borgoverde.example');
    await page.keyboard.press('Tab');
    await page.keyboard.type('breve');
    await page.keyboard.press('Enter');
    await page.getByText('la password ha almeno 10 caratteri').waitFor();
    expect(await focused(page)).toBe('breve');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('una-password-lunga');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Ufficio').focus();
    await page.keyboard.type('Polizia');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Capo');
    await ada.check('admin-person-add');
    await dialog.getByRole('button', { name: 'Nuova persona' }).press('Enter');
    await page.getByText('Capo di Polizia locale: il contenuto di tutte le pratiche dell’ufficio.').waitFor();
    await ada.check('admin-person');

    demo.where.people.push({ name: 'Vera Conti', role: 'head', email: 'vera.conti@comune.borgoverde.example', password: 'una-password-lunga', offices: ['polizia'] });
    const vera = await Visitor.enter(browser, demo, 'Vera Conti', '/');
    await vera.page.waitForURL(/\/offices\/polizia/);
    await vera.page.getByText('Polizia locale').first().waitFor();
    expect(vera.wrongs).toEqual([]);
    await Promise.all([vera.leave(), ada.leave()]);
  });

  test('what one administrator changes, the other one sees; who is taken away something has to be named', async () => {
    const [ada, ivo] = await Promise.all([
      Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/offices'),
      Visitor.enter(browser, demo, 'Ivo Manca', '/admin/offices'),
    ]);
    await Promise.all([ada, ivo].map((v) => v.page.getByText('In tempo reale').waitFor()));
    await ada.page.getByRole('button', { name: 'Modifica: Ragioneria' }).press('Enter');
    await ivo.page.getByRole('button', { name: 'Modifica: Ragioneria' }).press('Enter');
    await ivo.page.getByLabel('Nome').fill('Ragioneria e tributi minori');
    await ada.page.getByLabel('Approvazioni prima dell’invio').selectOption('1');
    await ada.page.getByLabel('Nome').press('Enter');
    await ada.page.getByText('Ufficio modificato: Ragioneria').waitFor();
    await ivo.page.getByText('Nel frattempo qualcun altro ha cambiato: Approvazioni prima dell’invio.').waitFor();
    await ivo.page.getByLabel('Nome').press('Enter');
    const row = ada.page.getByRole('row').filter({ hasText: 'Ragioneria e tributi minori' });
    await row.waitFor();
    await row.getByText('1 approvazione').waitFor(); // neither has undone what the other did

    await ada.page.goto(`${demo.url}/admin/people`);
    await ada.page.getByRole('link', { name: 'Gino Barbi' }).press('Enter');
    await ada.page.getByRole('button', { name: 'Escludi' }).press('Enter');
    const dialog = ada.page.getByRole('dialog');
    await dialog.getByText('Resta scritto 1 ruolo in un ufficio').waitFor();
    await ada.page.keyboard.type('Gino');
    expect(await dialog.getByRole('button', { name: 'Escludi' }).isDisabled()).toBe(true);
    await ada.page.keyboard.type(' Barbi');
    await ada.check('admin-disable');
    await ada.page.keyboard.press('Enter');
    await ada.page.getByText('Niente: è esclusa e non può entrare.').waitFor();
    await expect(demo.session({ ...demo.person('Gino Barbi'), email: 'gino.barbi@comune.borgoverde.example' })).rejects.toThrow('cannot sign in');
    await Promise.all([ada.leave(), ivo.leave()]);
  });

  test('by keyboard an office is closed by its name, and its open cases come to the desk of who sits there', async () => {
    const [ada, sara] = [demo.person('Ada Ferraris'), demo.person('Sara Bellini')];
    const { officeSet } = await demo.ask<{ officeSet: { office: { id: string } } }>(ada, 'mutation { officeSet(input: {code: "messi", name: "Messi comunali"}) { office { id } } }');
    for (const subject of ['Notifica da eseguire', 'Pubblicazione all’albo']) {
      await demo.send(subject);
      let input: object | undefined;
      await until(subject, async () => {
        const { cases } = await demo.ask<{ cases: { nodes: { id: string; version: number }[] } }>(sara, 'query($s: String!) { cases(filter: {text: $s, statuses: [TO_SORT]}) { nodes { id version } } }', { s: subject });
        input = cases.nodes.map(({ id, version }) => ({ caseId: id, version, officeId: officeSet.office.id }))[0];
        return input !== undefined;
      });
      await demo.ask(sara, 'mutation($i: CaseSortInput!) { caseSort(input: $i) { userErrors { message } } }', { i: input });
    }
    const [admin, desk] = await Promise.all([Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/offices'), Visitor.enter(browser, demo, 'Sara Bellini', '/desk')]);
    const { page } = admin;
    await desk.page.getByText('In tempo reale').waitFor();
    const back = (subject: string) => desk.page.locator('[role=grid] [role=row]', { hasText: subject });
    expect(await back('Notifica da eseguire').count()).toBe(0);

    await page.getByRole('button', { name: 'Chiudi o unisci… Messi comunali' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2 pratiche aperte passano allo smistamento (2 da assegnare)').waitFor();
    await admin.check('admin-office-close');
    await tabTo(page, 'Per confermare, scrivere il nome: Messi comunali');
    await page.keyboard.type('Messi');
    expect(await dialog.getByRole('button', { name: 'Chiudi l’ufficio' }).isDisabled()).toBe(true);
    await page.keyboard.type(' comunali');
    await page.keyboard.press('Enter');
    await dialog.getByText('Fatto: tutte e 2 le pratiche aperte sono passate allo smistamento.').waitFor();
    await admin.check('admin-office-closed');
    await Promise.all(['Notifica da eseguire', 'Pubblicazione all’albo'].map((subject) => back(subject).waitFor()));
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('cell', { name: 'Messi comunali' }).waitFor({ state: 'detached' });
    await tabTo(page, 'Mostrare l’ufficio chiuso');
    await page.keyboard.press('Space');
    const row = page.getByRole('row').filter({ hasText: 'Messi comunali' });
    await row.getByText('il lavoro è tornato allo smistamento').waitFor();
    await page.goto(`${demo.url}/admin/people?as=matrix`);
    await page.getByRole('row').filter({ hasText: 'Luca Bassi' }).waitFor();
    await admin.check('admin-matrix');
    expect(desk.wrongs).toEqual([]);
    await Promise.all([admin.leave(), desk.leave()]);
  });

  test('a template is written, and used by others', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/templates');
    const { page } = ada;
    await page.getByText('Ancora nessun modello.').waitFor();
    await page.keyboard.press('n');
    await page.getByRole('dialog').getByLabel('Nome').waitFor();
    await page.keyboard.type('Ricevuta di presentazione');
    await page.getByRole('textbox', { name: 'Testo' }).focus();
    await page.keyboard.type('Gentile ');
    await page.getByRole('button', { name: '{{mittente}}' }).press('Enter');
    await page.waitForFunction(() => document.activeElement?.matches('[role=textbox]'));
    await page.keyboard.type(', ');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('abbiamo ricevuto');
    await ada.check('admin-template');
    await page.getByRole('dialog').getByRole('button', { name: 'Salva' }).press('Enter');
    await page.getByText('Modello salvato: Ricevuta di presentazione').waitFor();
    const { templates } = await demo.ask<{ templates: { html: string }[] }>(demo.person('Luca Bassi'), '{ templates { html } }');
    expect(templates[0]!.html).toMatch(/Gentile \{\{mittente\}\}, <strong>abbiamo ricevuto<\/strong>/);
    await ada.leave();
  });

  test('people of a CSV are shown before they are added', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/people');
    const { page } = ada;
    await page.getByRole('button', { name: 'Importa da CSV' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Oppure incollare qui le righe').fill([
      'Nome;E-mail;Ufficio;Ruolo', 'Anna Blu;anna.blu@comune.borgoverde.example;suap;operatore', 'Sara Bellini;sara.bellini@comune.borgoverde.example;;', 'Ugo Verdi;ugo.verdi@comune.borgoverde.example;anagrafe;',
    ].join('\n'));
    await dialog.getByText('c’è già, si salta').waitFor();
    await dialog.getByText('l’ufficio non esiste').waitFor();
    await ada.check('admin-import');
    await dialog.getByRole('button', { name: 'Aggiungi 1 persona' }).press('Enter');
    await dialog.getByText('Aggiunte 1 di 1.').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Scarica le password' }).press('Enter')]);
    const password = /"anna\.blu@[^"]*";"([^"]+)"/.exec(readFileSync(await download.path(), 'utf8'))?.[1];
    expect(await demo.session({ name: 'Anna Blu', role: 'operator', email: 'anna.blu@comune.borgoverde.example', password: password!, offices: [] })).toContain('=');
    await dialog.getByRole('button', { name: 'Chiudi' }).last().press('Enter');
    await page.getByRole('row').filter({ hasText: 'Anna Blu' }).getByText('Operatore: Sportello unico attività produttive').waitFor();
    await ada.leave();
  });

  test('a message that was set aside is tried again once its cause is gone', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/troubles');
    const { page } = ada;
    await page.getByRole('heading', { name: 'Messaggi messi da parte' }).waitFor({ timeout: 50_000 });
    await page.getByText('Il server non ha consegnato il messaggio come dovrebbe.').first().waitFor();
    await ada.check('admin-troubles');
    await demo.provider('DELETE', 'faults');
    const set = page.getByRole('table', { name: 'Messaggi messi da parte' }).getByRole('row').filter({ has: page.getByRole('button') });
    for (let left = await set.count(); left > 0; left--) { // receipts for that mailbox may be there too
      await set.first().getByRole('button', { name: 'Riprova' }).press('Enter');
      await set.nth(left - 1).waitFor({ state: 'detached' });
    }
    await page.getByText('Tutto riesce: nessun lavoro in sospeso.').waitFor();
    await until('the message', async () => {
      const { messages } = await demo.ask<{ messages: { nodes: { subject: string }[] } }>(demo.person('Carla Monti'), '{ messages(first: 20) { nodes { subject } } }');
      return messages.nodes.some((m) => m.subject.includes('Senza contenuto'));
    });
    await ada.leave();
  });

  test('by keyboard alone an auditor reads the register, narrows it, and takes it along', async () => {
    const rita = await Visitor.enter(browser, demo, 'Rita Soave', '/');
    const { page } = rita;
    await page.waitForURL(/\/admin\/register/);
    await page.getByLabel('Movimento').waitFor();
    await tabTo(page, 'Movimento');
    await page.keyboard.type('Ufficio creato');
    const rows = page.getByRole('row').filter({ has: page.getByRole('cell') });
    await page.getByRole('cell', { name: 'Ada Ferraris' }).first().waitFor();
    expect(await rows.filter({ hasNotText: 'Ufficio creato o modificato' }).count()).toBe(0);
    await rita.check('register');
    await tabTo(page, 'Esporta in CSV');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(readFileSync(await download.path(), 'utf8')).toContain('Ada Ferraris');
    await page.getByLabel('Movimento').selectOption('REGISTER_EXPORTED');
    await page.getByRole('cell', { name: 'Rita Soave' }).first().waitFor();
    await page.goto(`${demo.url}/admin/people`);
    await page.getByText('Questa pagina non c’è.').waitFor();
    await rita.leave();
  });

  test('the page of one’s own: notices, a token that works until it is revoked', async () => {
    const luca = await Visitor.enter(browser, demo, 'Luca Bassi', '/me');
    const { page } = luca;
    await page.getByText('Operatore di Ufficio Tributi: il contenuto di tutte le pratiche dell’ufficio; può prendere quelle non assegnate.').waitFor();
    await luca.check('me');
    await page.goto(`${demo.url}/me/notices`);
    await page.getByLabel('Una scadenza si avvicina').press(' ');
    await page.getByLabel('Dalle').fill('19:30');
    await luca.check('me-notices');
    await page.getByRole('button', { name: 'Salva' }).press('Enter');
    await page.getByText('Preferenze salvate').waitFor();
    const { viewer } = await demo.ask<{ viewer: { preferences: { muted: string[]; quietFrom: number } } }>(demo.person('Luca Bassi'), '{ viewer { preferences { muted quietFrom } } }');
    expect(viewer.preferences).toEqual({ muted: ['reminder'], quietFrom: 19 * 60 + 30 });
    await page.goto(`${demo.url}/me/tokens`);
    await page.getByLabel('A che cosa serve').fill('gestionale');
    await page.getByLabel('Scade il').fill(new Date(Date.now() + 40 * 24 * 3_600_000).toISOString().slice(0, 10));
    await page.getByRole('button', { name: 'Crea token' }).press('Enter');
    const secret = await page.locator('code').textContent();
    const asks = async () => (await fetch(`${demo.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json', Authorization: `Bearer ${secret}` }, body: JSON.stringify({ query: '{ viewer { user { name } } }' }) })).status;
    expect(await asks()).toBe(200);
    await luca.check('me-tokens');
    await page.getByRole('button', { name: 'Revoca: gestionale' }).press('Enter');
    await page.getByRole('dialog').getByRole('textbox').fill('gestionale');
    await page.keyboard.press('Enter');
    await page.getByText(/revocato il/).waitFor();
    expect(await asks()).toBe(401);
    await luca.leave();
  });

  test('the register says how a setting was and is, and the system on what it stands', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/system');
    const { page } = ada;
    await page.getByText(/SQLite, versione \d+/).waitFor();
    await page.getByText(/liberi su/).waitFor();
    await page.getByRole('table', { name: 'Ritardo delle caselle' }).getByRole('row', { name: /^protocollo@/ }).waitFor();
    await page.getByRole('table', { name: 'Code' }).getByRole('row', { name: /PEC in uscita/ }).waitFor();
    await page.getByRole('table', { name: 'Certificati' }).getByRole('row').nth(1).waitFor();
    await ada.check('admin-system');
    await demo.ask(demo.person('Ada Ferraris'), 'mutation ($input: OfficeSetInput!) { officeSet(input: $input) { userErrors { message } } }', { input: { code: 'legale', approvals: 2 } });
    await page.goto(`${demo.url}/admin/register?kind=OFFICE_CHANGED`);
    await page.getByText(/approvazioni: «\d» → «2»/).waitFor();
    await ada.leave();
  });

  test('every section, light and dark, and at 320 pixels without a bar to the side', async () => {
    for (const [how, options] of Object.entries({ desk: desktop, dark: { ...desktop, colorScheme: 'dark' as const }, phone: narrow })) {
      const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin', options);
      for (const section of sections) {
        await ada.page.waitForSelector('main h1');
        await ada.page.evaluate((to) => history.pushState(null, '', to), `/admin/${section}`);
        await ada.page.waitForSelector(`[data-section="/admin/${section}"]`);
        await ada.page.getByText('Un momento…').waitFor({ state: 'detached' });
        await ada.check(`admin-${section}-${how}`);
        const hidden = await ada.page.evaluate(() => [document.documentElement, ...document.querySelectorAll('main *')].filter((e) => getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1).map((e) => e.outerHTML.slice(0, 80)));
        expect(hidden, `what is wider than its place on ${section} (${how})`).toEqual([]);
      }
      await ada.leave();
    }
  });

  test('a mailbox is tried, and its password set: the wrong one is refused, the right one kept', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/mailboxes');
    const { page } = ada;
    const box = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /^protocollo@/ }) });
    await box.getByText('In ordine').waitFor();
    await command(page, 'Prova connessione: edilizia');
    await page.getByText('La prova è riuscita.').waitFor();
    await page.getByText('Nome utente e password: riuscito').first().waitFor();
    await ada.check('admin-mailbox-check');
    await page.keyboard.press('Escape');
    await command(page, 'Imposta password: protocollo');
    await page.getByRole('textbox', { name: 'Nuova password' }).waitFor();
    await page.keyboard.type('sbagliata-di-proposito');
    await page.keyboard.press('Enter');
    await page.getByText('la password non è stata conservata').waitFor();
    expect(await focused(page)).toBe('sbagliata-di-proposito');
    await page.getByText('Nome utente e password: non riuscito').waitFor();
    await ada.check('admin-mailbox-password-refused');
    await page.waitForTimeout(10_000); // the server lets nobody try more often
    await page.keyboard.press('Control+a');
    await page.keyboard.type(demo.where.provider.password);
    await page.keyboard.press('Enter');
    await page.getByText(/Password di protocollo@.* conservata/).waitFor();
    await ada.leave();
  });
});

/** Gives a command by the palette. */
async function command(page: Page, title: string): Promise<void> {
  await page.getByRole('dialog').waitFor({ state: 'detached' }); // it gives the focus back when it is gone
  await page.keyboard.press('Control+k');
  const field = page.getByRole('dialog').getByRole('combobox');
  await field.waitFor();
  await page.keyboard.type(title);
  await until('the command', async () => (await field.inputValue()) === title);
  await page.getByRole('option', { name: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** What stands in the field that has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => (document.activeElement as HTMLInputElement).value);
}
