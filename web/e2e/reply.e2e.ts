import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { desktop, launch, missing, phone, Visitor } from './browser';
import { Demo, until } from './demo';

const text = '[role=textbox][contenteditable=true]';

describe.skipIf(missing)(`replies${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** A PEC that came in, was sorted to Edilizia and given to Nadia Costa. */
  async function assigned(subject: string, said = 'Buongiorno.'): Promise<{ id: string; number: string; messageId: string }> {
    await demo.send(subject, said);
    const sorter = demo.person('Sara Bellini');
    const head = demo.person('Bruno Sala');
    let found: { id: string; number: string; version: number } | undefined;
    await until(`the PEC ${subject}`, async () => {
      const { cases } = await demo.ask<{ cases: { nodes: { id: string; number: string; version: number; subject: string }[] } }>(
        sorter, '{ cases(first: 20, filter: {statuses: [TO_SORT]}) { nodes { id number version subject } } }');
      found = cases.nodes.find((c) => c.subject === subject);
      return found !== undefined;
    });
    const { offices } = await demo.ask<{ offices: { nodes: { id: string; name: string; members: { nodes: { person: { id: string; name: string } }[] } }[] } }>(
      head, '{ offices(first: 20) { nodes { id name members(first: 20) { nodes { person: user { id name } } } } } }');
    const office = offices.nodes.find((o) => o.name.startsWith('Edilizia'))!;
    await command(sorter, 'caseSort', { caseId: found!.id, version: found!.version, officeId: office.id });
    const nadia = office.members.nodes.find((m) => m.person.name === 'Nadia Costa')!.person;
    await command(head, 'caseAssign', { caseId: found!.id, version: found!.version + 1, assigneeId: nadia.id });
    const { node } = await demo.ask<{ node: { messages: { nodes: { id: string }[] } } }>(head, 'query($id: ID!) { node(id: $id) { ... on Case { messages(first: 1) { nodes { id } } } } }', { id: found!.id });
    return { ...found!, messageId: node.messages.nodes[0]!.id };
  }

  async function command<T = { reply: { id: string; version: number } }>(who: ReturnType<Demo['person']>, name: string, input: object, back = ''): Promise<T> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const answer = await demo.ask<{ told: T & { userErrors: { message: string }[] } }>(
      who, `mutation($input: ${type}!) { told: ${name}(input: $input) { ${back} userErrors { message } } }`, { input });
    expect(answer.told.userErrors, name).toEqual([]);
    return answer.told;
  }

  const at = (name: string) => (page: Page | Locator) => page.getByRole('button', { name, exact: true });
  const saved = (page: Page) => page.getByText(/^Salvata alle/);

  test('keyboard alone: answer with bold, list, table, model and file, look, send, take back, send again, and the case is closed', async () => {
    const nadia = demo.person('Nadia Costa');
    await command(demo.person('Bruno Sala'), 'templateSave', {
      kind: 'TEXT', name: 'Richiesta integrazioni', html: '<p>Gentile {{mittente}}, per la pratica {{pratica}} servono:</p>',
      officeId: (await demo.ask<{ offices: { nodes: { id: string; name: string }[] } }>(nadia, '{ offices(first: 20) { nodes { id name } } }')).offices.nodes.find((o) => o.name.startsWith('Edilizia'))!.id,
    });
    const c = await assigned('Quali carte devo portare?');
    const who = await Visitor.enter(browser, demo, 'Nadia Costa', `/cases/${c.number}`);
    const { page } = who;
    page.setDefaultTimeout(15_000);
    await at('Rispondi')(page).waitFor();
    await page.keyboard.press('r');
    await page.locator(text).waitFor();
    await page.waitForFunction((t) => document.activeElement?.matches(t), text);

    await page.keyboard.press('Alt+F10');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^Carattere/);
    for (let i = 0; i < 40 && (await page.evaluate(() => document.activeElement?.getAttribute('data-tool'))) !== 'template'; i++) {
      await page.keyboard.press('ArrowRight');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.type('integr');
    await page.getByRole('option', { name: /Richiesta integrazioni/ }).waitFor();
    await who.check('reply-template');
    await page.keyboard.press('Enter');
    await page.locator(text).getByText(`per la pratica ${c.number} servono:`).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('Entro 30 giorni');
    await page.keyboard.press('Control+b');
    await page.keyboard.press('Enter');
    await page.keyboard.type('* planimetria');
    await page.keyboard.press('Enter');
    await page.keyboard.type('relazione in allegato');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Alt+F10');
    for (let i = 0; i < 40 && (await page.evaluate(() => document.activeElement?.getAttribute('data-tool'))) !== 'table'; i++) {
      await page.keyboard.press('ArrowLeft');
    }
    await page.keyboard.press('ArrowDown');
    await page.getByRole('menuitem', { name: 'Inserisci una tabella 3 × 3' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator(`${text} table`).waitFor();
    await page.keyboard.type('Foglio');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Mappale');
    await saved(page).waitFor();

    // Its picture in the text, and its file beside it.
    await page.getByLabel('Allega', { exact: true }).setInputFiles({ name: 'elenco.txt', mimeType: 'text/plain', buffer: Buffer.from('planimetria\nrelazione\n') });
    await page.getByRole('link', { name: 'elenco.txt' }).waitFor();
    await page.getByText('PEC', { exact: true }).waitFor();
    await who.check('reply-editor');

    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('anna.morandi@pec.cittadini.example').waitFor();
    await dialog.getByText('elenco.txt').waitFor();
    await who.check('reply-send');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^Invio tra \d+ s$/).waitFor();
    await who.check('reply-leaving');
    await page.keyboard.press('z');
    await page.locator(text).waitFor();
    expect(await page.locator(`${text} strong`).first().textContent()).toBe('Entro 30 giorni');
    expect(await page.locator(`${text} td`).nth(1).textContent()).toBe('Mappale');
    await page.getByRole('link', { name: 'elenco.txt' }).waitFor();

    await page.locator(text).focus();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').getByText('elenco.txt').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Inviata', { exact: true }).waitFor({ timeout: 30_000 });
    await page.getByRole('link', { name: 'Scarica la ricevuta: Consegnata, anna.morandi@pec.cittadini.example' }).waitFor({ timeout: 30_000 });
    await who.check('reply-sent');
    await until('the case to be closed', async () => {
      const { node } = await demo.ask<{ node: { status: string; outcome: string } }>(nadia, 'query($id: ID!) { node(id: $id) { ... on Case { status outcome } } }', { id: c.id });
      return node.status === 'CLOSED' && node.outcome === 'ANSWERED';
    });
    expect(who.wrongs).toEqual([]);
    await who.leave();
  }, 120_000);

  /** Nadia begins to answer a case, by the API. */
  async function begun(c: { id: string; messageId: string; number: string }): Promise<{ id: string; version: number; path: string }> {
    const { reply } = await command(demo.person('Nadia Costa'), 'replyStart', { caseId: c.id, messageId: c.messageId, manner: 'REPLY' }, 'reply { id version }');
    return { ...reply, path: `/cases/${c.number}?reply=${reply.id}` };
  }

  const htmlOf = async (who: string, id: string): Promise<string> =>
    (await demo.ask<{ node: { html: string } }>(demo.person(who), 'query($id: ID!) { node(id: $id) { ... on Reply { html } } }', { id })).node.html;

  test('a colleague’s saving stops ours and both texts are kept; who comes later looks on and may take over', async () => {
    const r = await begun(await assigned('Una domanda in due'));
    const bruno = demo.person('Bruno Sala');
    const nadia = await Visitor.enter(browser, demo, 'Nadia Costa', r.path);
    nadia.page.setDefaultTimeout(15_000);
    const mine = nadia.page.locator(text);
    await mine.click();
    await nadia.page.keyboard.press('Control+Home');
    await nadia.page.keyboard.type('Parole di Nadia. ');
    await saved(nadia.page).waitFor();
    expect(await htmlOf('Nadia Costa', r.id)).toContain('Parole di Nadia.');

    // The head saves by another client, from the version that he sees.
    const { node: seen } = await demo.ask<{ node: { version: number; mailbox: { id: string } } }>(bruno, 'query($id: ID!) { node(id: $id) { ... on Reply { version mailbox { id } } } }', { id: r.id });
    await nadia.context.setOffline(true);
    await nadia.page.keyboard.type('Ancora Nadia. ');
    await nadia.page.getByText('Il server non risponde: il testo è tenuto in questo browser').waitFor();
    await command(bruno, 'replySave', { replyId: r.id, version: seen.version, mailboxId: seen.mailbox.id, to: [{ address: 'anna.morandi@pec.cittadini.example' }], subject: 'Re: Una domanda in due', html: '<p>Parole di Bruno.</p>' });
    await nadia.context.setOffline(false);
    await nadia.page.getByText(/Intanto la bozza è cambiata: l’ha salvata Bruno Sala alle \d\d:\d\d/).waitFor({ timeout: 20_000 });
    expect(await htmlOf('Nadia Costa', r.id)).toContain('Parole di Bruno.');
    await nadia.page.getByText(/^Testo di Bruno Sala/).click();
    await nadia.page.frameLocator('[role=alert] iframe').getByText('Parole di Bruno.').waitFor();
    await nadia.check('reply-conflict');
    await at('Tieni tutti e due')(nadia.page).click();
    await saved(nadia.page).waitFor();
    const both = await htmlOf('Nadia Costa', r.id);
    expect(both).toContain('Parole di Nadia. Ancora Nadia.');
    expect(both).toContain('Parole di Bruno.');

    const head = await Visitor.enter(browser, demo, 'Bruno Sala', r.path);
    await head.page.getByText('La sta scrivendo Nadia Costa.').waitFor();
    await head.page.getByText('Parole di Bruno.').waitFor();
    expect(await head.page.locator(text).count()).toBe(0);
    await head.check('reply-looking');
    await at('Scrivi tu')(head.page).click();
    await head.page.waitForFunction((t) => document.activeElement?.matches(t), text);
    await head.page.keyboard.type('Il capo: ');
    await saved(head.page).waitFor();
    await nadia.page.getByText(/L’ha presa in mano Bruno Sala alle/).waitFor();
    await nadia.page.getByText('Il capo: ').waitFor();
    expect(nadia.wrongs).toEqual([]);
    await nadia.leave();
    await head.leave();
  });

  test('what was typed without a network is there after a reload, and saved', async () => {
    const r = await begun(await assigned('Il treno e la galleria'));
    const nadia = await Visitor.enter(browser, demo, 'Nadia Costa', r.path);
    nadia.page.setDefaultTimeout(15_000);
    const { page } = nadia;
    await page.locator(text).click();
    await page.route('**/graphql', (route) => (route.request().postData()?.includes('"html"') ? route.abort() : route.continue()));
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('Scritto in galleria');
    await page.getByText('Il server non risponde: il testo è tenuto in questo browser').waitFor();
    expect(await htmlOf('Nadia Costa', r.id)).not.toContain('galleria</');
    await page.unroute('**/graphql');
    await page.reload();
    await page.getByText(/Ripreso il testo delle \d\d:\d\d che non era ancora salvato/).waitFor();
    await page.locator(text).getByText('Scritto in galleria').waitFor();
    await saved(page).waitFor();
    expect(await htmlOf('Nadia Costa', r.id)).toContain('Scritto in galleria');
    await page.reload();
    await page.locator(text).getByText('Scritto in galleria').waitFor();
    expect(await page.getByText(/Ripreso il testo/).count()).toBe(0);
    await nadia.leave();
  });

  test('all that the toolbar offers and Word pastes is left by the server; pictures go along', async () => {
    const r = await begun(await assigned('Tutto ciò che si può'));
    const nadia = await Visitor.enter(browser, demo, 'Nadia Costa', r.path);
    nadia.page.setDefaultTimeout(15_000);
    const { page } = nadia;
    await page.locator(text).click();
    await page.keyboard.press('Control+Home');
    const choose = async (tool: string, item: RegExp | string): Promise<void> => {
      await page.locator(`[data-tool=${tool}]`).click();
      await page.getByRole('menu').getByRole(/insert|Inserisci|Riga|Colonna/.test(String(item)) ? 'menuitem' : 'menuitemradio', { name: item }).click();
    };
    await choose('font', 'Georgia');
    await choose('size', '18');
    await choose('color', 'Rosso');
    await choose('highlight', 'Giallo');
    for (const tool of ['bold', 'italic', 'underline', 'strike']) {
      await page.locator(`[data-tool=${tool}]`).click();
    }
    await choose('align', 'Al centro');
    await page.locator('[data-tool=indent]').click();
    await page.keyboard.type('Tutto insieme');
    await page.keyboard.press('Enter');
    await page.locator('[data-tool=clear]').click();
    await page.keyboard.type('Si veda ');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill('www.comune.example/suap');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await until('the text has the focus again', () => page.evaluate(() => document.activeElement?.matches('[contenteditable=true]') ?? false));
    await page.keyboard.press('Enter');
    await page.locator('[data-tool=numbers]').click();
    await page.keyboard.type('primo');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await choose('table', 'Inserisci una tabella 3 × 3');
    await choose('table', 'Riga sotto');
    await choose('table', 'Colonna a destra');
    expect(await page.locator(`${text} tr`).count()).toBe(4);
    expect(await page.locator(`${text} td`).count()).toBe(16);
    // A picture from the clipboard, and markup with one of another site.
    await page.keyboard.press('Control+Home');
    await page.evaluate((selector) => {
      const data = new DataTransfer();
      const png = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (x) => x.charCodeAt(0));
      data.items.add(new File([png], 'timbro.png', { type: 'image/png' }));
      document.querySelector(selector)!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      const word = new DataTransfer();
      word.setData('text/html', "<html><body><p class=MsoNormal style='mso-x:y'>Da <b>Word</b> <img src='https://altrove.example/spia.gif'></p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·  </span>voce</p></body></html>");
      document.querySelector(selector)!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: word, bubbles: true, cancelable: true }));
    }, text);
    await page.getByText(/Un’immagine di un altro sito o di un altro programma non è stata incollata/).waitFor();
    await page.locator(`${text} li`, { hasText: 'voce' }).waitFor();
    await page.locator(`${text} img[src^=blob]`).waitFor();
    await page.waitForTimeout(300);
    await saved(page).waitFor();
    await until('the picture to be attached', async () => {
      const { node } = await demo.ask<{ node: { files: { contentId: string; mediaType: string }[] } }>(demo.person('Nadia Costa'), 'query($id: ID!) { node(id: $id) { ... on Reply { files { contentId mediaType } } } }', { id: r.id });
      return node.files.some((f) => f.contentId !== '' && f.mediaType === 'image/png');
    });
    await nadia.check('reply-all-tools');
    const html = await htmlOf('Nadia Costa', r.id);
    for (const kept of [
      /font-family: ?Georgia/, /font-size: ?18pt/, /color: ?(#b00020|rgb\(176, 0, 32\))/, /background-color: ?(#fff59d|rgb\(255, 245, 157\))/, /<strong>/, /<em>/, /<u>/, /<s>/,
      /text-align: ?center/, /margin: ?0px 0px 8px 40px/, /href="https:\/\/www\.comune\.example\/suap"/, /<ol[^>]*><li><p style="margin: ?0px">primo/, /<td[^>]*border: ?1px solid/, /border-collapse: ?collapse/, /<img[^>]*src="cid:/,
      /<blockquote[^>]*type="cite"[^>]*border-left: ?2px solid|<blockquote[^>]*border-left: ?2px solid[^>]*type="cite"/, /font-family: ?Arial/,
    ]) {
      expect(html).toMatch(kept);
    }
    expect(html).not.toMatch(/mso|class=|altrove/);
    // Read again it is the same text to the letter, with its picture.
    await page.reload();
    await page.locator(`${text} img[src^="/api/"]`).waitFor();
    await page.waitForFunction((selector) => document.querySelector<HTMLImageElement>(`${selector} img[data-cid]`)!.naturalWidth === 1, text);
    await at('Anteprima')(page).click();
    await page.frameLocator('[role=dialog] iframe').getByText('Tutto insieme').waitFor();
    await nadia.check('reply-preview');
    expect(nadia.wrongs).toEqual([]);
    await nadia.leave();
  });

  test('letters are letters in every kind of field, and with the keys switched off they are nothing anywhere', async () => {
    const c = await assigned('Lettere e comandi');
    const r = await begun(c);
    const nadia = await Visitor.enter(browser, demo, 'Nadia Costa', r.path);
    const { page } = nadia;
    page.setDefaultTimeout(15_000);
    const letters = 'abcdefghijklmnopqrstuvwxyz?/.ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    /** Types them all where the focus is, and finds the page as it was. */
    const typed = async (where: Locator, dialogs: number): Promise<void> => {
      await where.focus();
      await page.keyboard.type(letters);
      expect(await where.evaluate((e) => ('value' in e ? String(e.value) : e.textContent))).toContain(letters);
      expect(new URL(page.url()).pathname).toBe(`/cases/${c.number}`);
      expect(await page.getByRole('dialog').count()).toBe(dialogs);
    };
    await page.locator(text).waitFor();
    await typed(page.locator(text), 0);
    await typed(page.getByRole('textbox', { name: 'Oggetto' }), 0);
    const to = page.getByRole('textbox', { name: 'A: aggiungi un indirizzo' });
    await typed(to, 0);
    await to.fill('');
    // A house with 400 templates: all are there, found by typing, and scrolled to by keys.
    await page.route('**/graphql', async (route) => {
      const answer = await route.fetch();
      const said = (await answer.json()) as { data?: { templates?: unknown[] } };
      if (said.data?.templates) {
        said.data.templates = Array.from({ length: 400 }, (_, i) => ({ id: `t${i}`, name: `Modello ${i + 1}`, subject: '', office: null, person: null }));
      }
      await route.fulfill({ response: answer, json: said });
    });
    await page.locator('[data-tool=template]').click();
    const find = page.getByRole('dialog').getByRole('combobox');
    await page.getByRole('option', { name: 'Modello 400' }).waitFor({ state: 'attached' });
    for (let i = 0; i < 50; i++) {
      await page.keyboard.press('PageDown');
    }
    expect(await page.getByRole('option', { name: 'Modello 400' }).evaluate((e) => e.getBoundingClientRect().bottom <= e.parentElement!.getBoundingClientRect().bottom + 1)).toBe(true);
    await find.fill('399');
    await page.getByRole('dialog').getByRole('option').nth(1).waitFor({ state: 'detached' });
    expect(await page.getByRole('dialog').getByRole('option').textContent()).toContain('Modello 399');
    await find.fill('');
    await typed(find, 1);
    await page.keyboard.press('Escape');
    await page.unroute('**/graphql');
    await saved(page).waitFor();
    await at('Chiudi la risposta')(page).click();
    await typed(page.getByRole('textbox', { name: 'Nuova nota' }), 0);

    await page.evaluate(() => localStorage.setItem('smista.keys', 'none'));
    await page.reload();
    await at('Continua la bozza')(page).first().waitFor();
    await page.keyboard.type(letters);
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`/cases/${c.number}`);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor(); // keys that are no letters go on
    expect(nadia.wrongs).toEqual([]);
    await nadia.leave();
  });

  test('a large file shows how far it is, goes on after a broken line, and can be stopped', async () => {
    const r = await begun(await assigned('Un file grande'));
    const nadia = await Visitor.enter(browser, demo, 'Nadia Costa', r.path);
    nadia.page.setDefaultTimeout(15_000);
    const { page } = nadia;
    await page.locator(text).waitFor();
    const network = await nadia.context.newCDPSession(page);
    await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 1_500_000 });
    const large = { name: 'planimetria.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(6_000_000, 7)]) };
    await page.getByLabel('Allega', { exact: true }).setInputFiles(large);
    await page.getByText(/^(?!0)\d+.?% caricato$/).waitFor();
    await nadia.check('reply-upload');
    await demo.kill();
    await page.getByText('Il server non risponde: si riprova.').first().waitFor();
    await demo.restart();
    await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await page.getByRole('link', { name: 'planimetria.pdf' }).waitFor({ timeout: 20_000 });
    await page.getByText(/^In tutto 8,2 MB di/).waitFor();
    await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 300_000 });
    await page.getByLabel('Allega', { exact: true }).setInputFiles({ ...large, name: 'sbagliato.pdf' });
    await at('Interrompi sbagliato.pdf')(page).click();
    await page.getByText('sbagliato.pdf').waitFor({ state: 'detached' });
    await at('Togli planimetria.pdf')(page).click();
    await page.getByRole('link', { name: 'planimetria.pdf' }).waitFor({ state: 'detached' });
    await nadia.leave();
  });

  test('on a phone and in the dark: text and file, and it leaves; a draft is discarded and taken back', async () => {
    const r = await begun(await assigned('Dal telefono'));
    const nadia = await Visitor.enter(browser, demo, 'Nadia Costa', r.path, { ...phone, colorScheme: 'dark' });
    nadia.page.setDefaultTimeout(15_000);
    const { page } = nadia;
    await page.locator(text).tap();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('Si conferma.');
    await page.getByLabel('Allega', { exact: true }).setInputFiles({ name: 'foto.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70]) });
    await page.getByRole('link', { name: 'foto.jpg' }).waitFor();
    await saved(page).waitFor();
    await nadia.check('reply-phone');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await at('Scarta la bozza')(page).tap();
    await at('Scarta')(page).tap();
    await page.getByText('Bozza scartata').waitFor();
    await at('Annulla')(page).tap();
    await page.locator(text).getByText('Si conferma.').waitFor();
    await at('Invia')(page).tap();
    await page.getByRole('dialog').getByText('foto.jpg').waitFor();
    await nadia.check('reply-phone-send');
    await page.getByRole('dialog').getByRole('button', { name: 'Invia', exact: true }).tap();
    await page.getByText('Inviata', { exact: true }).waitFor({ timeout: 30_000 });
    await nadia.check('reply-phone-sent');
    await nadia.leave();
  });

  test('a PEC that answers nothing: office and mailbox, recipients, what is known of them, and what one should know before', async () => {
    const nadia = await Visitor.enter(browser, demo, 'Nadia Costa', '/cases/new', desktop);
    nadia.page.setDefaultTimeout(15_000);
    const { page } = nadia;
    await at('Scrivi')(page).waitFor();
    await nadia.check('reply-new');
    await at('Scrivi')(page).click();
    const to = page.getByRole('textbox', { name: 'A: aggiungi un indirizzo' });
    await to.waitFor();
    await page.keyboard.type('ufficio@posta.example');
    await page.keyboard.press('Enter');
    await page.getByText('PEC?', { exact: true }).waitFor();
    await page.locator(text).click();
    await page.keyboard.type('Si veda il documento in allegato.');
    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Manca l’oggetto.').waitFor();
    await dialog.getByText(/il testo parla di allegati, ma non ce ne sono/).waitFor();
    await dialog.getByText(/non si sa se ufficio@posta\.example è una PEC/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Invia', exact: true }).isDisabled()).toBe(false);
    await nadia.check('reply-warnings');
    await page.keyboard.press('Escape');
    await page.waitForFunction((t) => document.activeElement?.matches(t), text);
    expect(nadia.wrongs).toEqual([]);
    await nadia.leave();
  });

  test('what the provider refuses, or leaves open, is said with what to do; it can be mended, settles itself, and is never sent twice', async () => {
    const box = 'protocollo@pec.comune.borgoverde.example';
    const sent = async (asked: string, subject: string): Promise<{ id: string; version: number; path: string }> => {
      const r = await begun(await assigned(asked));
      const { node } = await demo.ask<{ node: { mailbox: { id: string }; to: { address: string }[]; html: string } }>(
        demo.person('Nadia Costa'), 'query($id: ID!) { node(id: $id) { ... on Reply { mailbox { id } to { address } html } } }', { id: r.id });
      await command(demo.person('Nadia Costa'), 'replySave', { replyId: r.id, version: r.version, mailboxId: node.mailbox.id, to: node.to, subject, html: `<p>Si risponde.</p>${node.html}` });
      await command(demo.person('Nadia Costa'), 'replySend', { replyId: r.id, version: r.version + 1 });
      return r;
    };
    // The first is refused at the door, the second by a receipt; of the third the connection breaks after the final dot, and receipts are kept back.
    await demo.provider('POST', 'faults', { do: 'refuse-late', box, count: 1 });
    await demo.provider('POST', 'faults', { do: 'drop', box, skip: 1, count: 1 });
    for (const kind of ['accettazione', 'avvenuta-consegna']) {
      await demo.provider('POST', 'faults', { do: 'reorder', box, kind });
    }
    const refused = await sent('Una prima domanda', 'Respinta dal gestore');
    const infected = await sent('Una seconda domanda', 'Non accettata SMISTA-TEST-VIRUS');
    const open = await sent('Una terza domanda', 'Esito incerto');

    const nadia = await Visitor.enter(browser, demo, 'Nadia Costa', open.path);
    const { page } = nadia;
    page.setDefaultTimeout(30_000);
    await page.getByText('Non è certo che sia partita').waitFor();
    await page.getByText(/La ricevuta può ancora arrivare: se non arriva, si decide dopo le \d\d:\d\d/).waitFor();
    expect(await at('Invia di nuovo la stessa')(page).count()).toBe(0);
    await nadia.check('reply-uncertain');
    // A client that thinks the time has come is told by the server that it has not.
    await page.route('**/graphql', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/"decidableAt":"[^"]+"/, '"decidableAt":"2026-01-01T00:00:00Z"') });
    });
    await page.reload();
    await at('Invia di nuovo la stessa')(page).waitFor();
    await nadia.check('reply-decide');
    await at('Invia di nuovo la stessa')(page).click();
    await page.getByText(/la ricevuta di accettazione può ancora arrivare/).waitFor();
    await page.unroute('**/graphql');
    await demo.provider('DELETE', 'faults'); // what was kept back comes now
    await page.getByText('Inviata', { exact: true }).waitFor();
    await page.getByText(/^Consegnata/).first().waitFor();
    await nadia.check('reply-settled');

    await page.goto(demo.url + infected.path);
    await page.getByText('Il gestore non l’ha accettata (ricevuta di non accettazione)', { exact: false }).waitFor();
    await page.getByRole('link', { name: /^Scarica la ricevuta: Non accettata/ }).waitFor();
    await nadia.check('reply-not-accepted');

    await page.goto(demo.url + refused.path);
    await page.getByText('Il gestore l’ha rifiutata', { exact: false }).waitFor();
    await page.getByText(/Motivo: il gestore ha rifiutato il messaggio: 554/).waitFor();
    await nadia.check('reply-refused');
    await at('Correggi e invia di nuovo')(page).click();
    await page.locator(text).getByText('Si risponde.').waitFor();
    await page.locator(text).click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('Corretta. ');
    await page.keyboard.press('Control+Enter');
    await at('Invia')(page.getByRole('dialog')).click();
    await page.getByText('Inviata', { exact: true }).waitFor();

    const log = await demo.provider<{ event: string; message_id?: string }[]>('GET', 'log');
    for (const [{ id }, times] of [[open, 1], [refused, 0]] as const) {
      const { node } = await demo.ask<{ node: { messageId: string } }>(demo.person('Nadia Costa'), 'query($id: ID!) { node(id: $id) { ... on Reply { messageId } } }', { id });
      expect(log.filter((e) => e.event === 'accepted' && e.message_id === node.messageId)).toHaveLength(times);
    }
    expect(nadia.wrongs).toEqual([]);
    await nadia.leave();
  }, 150_000);

  test('where the office wants it the head approves: it goes back with a remark, is mended, approved and sent', async () => {
    const administrator = demo.person('Ada Ferraris');
    const { offices } = await demo.ask<{ offices: { nodes: { code: string; name: string }[] } }>(administrator, '{ offices(first: 20) { nodes { code name } } }');
    const edilizia = offices.nodes.find((o) => o.name.startsWith('Edilizia'))!;
    await command(administrator, 'officeSet', { ...edilizia, approvals: 1 });
    const r = await begun(await assigned('Da approvare'));
    const nadia = await Visitor.enter(browser, demo, 'Nadia Costa', r.path);
    nadia.page.setDefaultTimeout(15_000);
    await nadia.page.locator(text).click();
    await nadia.page.keyboard.press('Control+Home');
    await nadia.page.keyboard.type('Parere favorevole.');
    await nadia.page.keyboard.press('Control+Enter');
    await nadia.page.getByRole('dialog').getByText('Prima la deve approvare il capo ufficio.').waitFor();
    await at('Invia')(nadia.page.getByRole('dialog')).click();
    await nadia.page.getByText('Da approvare', { exact: true }).first().waitFor();
    expect(await at('Approva')(nadia.page).count()).toBe(0);

    const bruno = await Visitor.enter(browser, demo, 'Bruno Sala', r.path);
    await bruno.page.getByLabel('Nota per chi ha scritto').fill('Citare la norma.');
    await bruno.page.frameLocator('section[aria-label="Testo"] iframe').getByText('Parere favorevole.').waitFor(); // as it will leave
    await bruno.check('reply-approve');
    await at('Restituisci')(bruno.page).click();
    await nadia.page.locator(text).waitFor();
    await nadia.page.getByText(/Restituita da Bruno Sala il .*: Citare la norma\./).waitFor();
    await nadia.page.locator(text).click();
    await nadia.page.keyboard.type(' Art. 20.');
    await nadia.page.keyboard.press('Control+Enter');
    await at('Invia')(nadia.page.getByRole('dialog')).click();
    await at('Approva')(bruno.page).click();
    await nadia.page.getByText('Inviata', { exact: true }).waitFor({ timeout: 30_000 });
    await nadia.page.getByText(/Approvata da Bruno Sala il/).waitFor();
    expect([...nadia.wrongs, ...bruno.wrongs]).toEqual([]);
    await nadia.leave();
    await bruno.leave();
  });

  test('a colleague whose clock is wrong counts by the server’s, also after a reload, and may take it back', async () => {
    await demo.kill();
    await demo.restart('--hold', '2m'); // nothing of this hurries
    const administrator = demo.person('Ada Ferraris');
    const { offices } = await demo.ask<{ offices: { nodes: { code: string; name: string }[] } }>(administrator, '{ offices(first: 20) { nodes { code name } } }');
    await command(administrator, 'officeSet', { ...offices.nodes.find((o) => o.name.startsWith('Edilizia'))!, approvals: 0 });
    const c = await assigned('Una risposta trattenuta');
    const r = await begun(c);
    const bruno = await Visitor.enter(browser, demo, 'Bruno Sala', `/cases/${c.number}`, desktop);
    await bruno.page.addInitScript(() => {
      const real = Date.now;
      Date.now = () => real() - 11 * 60_000;
    });
    await bruno.page.reload();
    await at('Continua la bozza')(bruno.page).first().waitFor();
    await command(demo.person('Nadia Costa'), 'replySend', { replyId: r.id, version: r.version });
    const left = async (): Promise<number> => Number(/\d+/.exec((await bruno.page.getByText(/^Invio tra \d+ s$/).textContent()) ?? '')?.[0]);
    const first = await left();
    expect(first).toBeGreaterThan(60);
    expect(first).toBeLessThanOrEqual(121);
    await bruno.check('reply-held-elsewhere');
    await bruno.page.reload();
    expect(await left()).toBeLessThanOrEqual(first);
    await at('Annulla')(bruno.page).click();
    await bruno.page.getByText('È di nuovo una bozza').waitFor();
    await at('Continua la bozza')(bruno.page).first().waitFor();
    expect(bruno.wrongs).toEqual([]);
    await bruno.leave();
  }, 120_000);
});
