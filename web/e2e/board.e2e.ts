import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { desktop, launch, missing, phone, Visitor } from './browser';
import { Demo, until } from './demo';

interface Found {
  cases: { nodes: { id: string; number: string; subject: string; version: number; messages: { nodes: { id: string; kind: string }[] } }[] };
}

describe.skipIf(missing)(`the office's board and the to-do list${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** Makes a case that waits at an office, and says its number. */
  async function arrive(subject: string, code = 'tributi'): Promise<Found['cases']['nodes'][number]> {
    await demo.send(subject);
    const sara = demo.person('Sara Bellini');
    const { offices } = await demo.ask<{ offices: { nodes: { id: string; code: string }[] } }>(sara, '{ offices(first: 50) { nodes { id code } } }');
    const officeId = offices.nodes.find((o) => o.code === code)!.id;
    let found: Found['cases']['nodes'] = [];
    await until(subject, async () => {
      ({ cases: { nodes: found } } = await demo.ask<Found>(sara, 'query($f: CaseFilter) { cases(first: 1, filter: $f) { nodes { id number subject version messages(first: 1) { nodes { id kind } } } } }', { f: { text: subject, statuses: ['TO_SORT'] } }));
      return found.length > 0;
    });
    const [it] = found;
    await demo.ask(sara, 'mutation($i: CaseSortInput!) { caseSort(input: $i) { userErrors { message } } }', { i: { caseId: it!.id, version: it!.version, officeId } });
    return { ...it!, version: it!.version + 1 };
  }
  const card = (page: Page, subject: string, column = '') => page.locator(`${column && `[data-column="${column}"] `}[data-card]`, { hasText: subject });
  const item = (page: Page, subject: string) => page.locator('[data-case]', { hasText: subject });

  test('by keyboard alone: the head assigns what waits, the operator takes it up and closes it, the head sees it done', async () => {
    await arrive('Da assegnare con i tasti');
    const [carla, luca] = await Promise.all([
      Visitor.enter(browser, demo, 'Carla Monti', '/'),
      Visitor.enter(browser, demo, 'Luca Bassi', '/todo'),
    ]);
    const { page } = carla;
    await page.waitForURL('**/offices/tributi');
    await card(page, 'Da assegnare con i tasti', 'toAssign').waitFor();
    await page.getByText('In tempo reale').waitFor();
    await luca.page.getByText('In tempo reale').waitFor();
    await carla.check('board');

    // The focus comes to a card by Tab, and from card to card by arrows.
    const focused = () => page.evaluate(() => document.activeElement?.closest('[data-card]')?.textContent ?? '');
    for (let i = 0; i < 40 && (await focused()) === ''; i++) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Home');
    await until('the first card', async () => {
      if ((await focused()).includes('Da assegnare con i tasti')) {
        return true;
      }
      await page.keyboard.press('ArrowDown');
      return false;
    });
    await page.keyboard.press('Alt+ArrowRight');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.type('luca');
    await page.keyboard.press('Enter');
    await card(page, 'Da assegnare con i tasti', 'assigned').waitFor();
    await page.getByText(/Spostata in Assegnate, \d+ di \d+/).waitFor({ state: 'attached' });
    await until('the focus on the card where it went', async () => (await focused()).includes('Da assegnare con i tasti'));

    const arrived = item(luca.page, 'Da assegnare con i tasti');
    await arrived.waitFor();
    await luca.page.getByText(/Rispondere entro il \d\d\/\d\d\/\d{4}/).first().waitFor();
    await luca.check('todo');
    await luca.page.keyboard.press('Home');
    await until('the item that came', async () => {
      if ((await arrived.getAttribute('data-active')) !== null) {
        return true;
      }
      await luca.page.keyboard.press('ArrowDown');
      return false;
    });
    await luca.page.keyboard.press('c');
    await card(page, 'Da assegnare con i tasti', 'working').waitFor();
    await card(page, 'Da assegnare con i tasti', 'working').getByText('In carico a Luca Bassi').waitFor();
    await luca.page.keyboard.press('e');
    await luca.page.getByRole('dialog').getByRole('radio').first().waitFor();
    await luca.page.keyboard.press('Space');
    await luca.page.keyboard.press('Control+Enter');
    await arrived.waitFor({ state: 'detached' });
    await card(page, 'Da assegnare con i tasti', 'done').waitFor();
    expect([...carla.wrongs, ...luca.wrongs]).toEqual([]);
    await Promise.all([carla.leave(), luca.leave()]);
  });

  test('dragging does what the menu does; what others change waits while somebody points at a column', async () => {
    const [dragged] = [await arrive('Trascinata col mouse'), await arrive('Spostata col menu')];
    const carla = await Visitor.enter(browser, demo, 'Carla Monti', '/offices/tributi?view=people');
    const { page } = carla;
    const first = card(page, 'Trascinata col mouse', 'nobody');
    await first.waitFor();
    const giulia = page.locator('section[data-column]', { has: page.getByRole('heading', { name: /Giulia Neri/ }) });
    await first.getByRole('link').dragTo(giulia.getByRole('heading'));
    await giulia.locator('[data-card]', { hasText: 'Trascinata col mouse' }).waitFor();
    await card(page, 'Spostata col menu').getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Assegna a Giulia Neri' }).click();
    await giulia.locator('[data-card]', { hasText: 'Spostata col menu' }).waitFor();
    await carla.check('board-people');
    await until('the server', async () => {
      const { cases } = await demo.ask<{ cases: { nodes: { subject: string; assignee: { name: string } }[] } }>(demo.person('Carla Monti'), 'query { cases(first: 20, filter: { statuses: [IN_PROGRESS] }) { nodes { subject assignee { name } } } }');
      return ['Trascinata col mouse', 'Spostata col menu'].every((s) => cases.nodes.some((c) => c.subject === s && c.assignee.name === 'Giulia Neri'));
    });

    // Taken from her, with a reason, it is to be assigned again.
    await giulia.locator('[data-card]', { hasText: 'Spostata col menu' }).getByRole('link').dragTo(page.locator('section[data-column=nobody]').getByRole('heading'));
    await page.getByRole('dialog').getByRole('textbox').fill('Giulia è in ferie');
    await page.keyboard.press('Control+Enter');
    await card(page, 'Spostata col menu', 'nobody').waitFor();

    await page.getByRole('button', { name: 'Colonne' }).click();
    await card(page, 'Spostata col menu', 'toAssign').waitFor();
    const held = card(page, 'Trascinata col mouse', 'assigned');
    await held.hover();
    await demo.ask(demo.person('Giulia Neri'), 'mutation($i: CaseRefInput!) { caseClaim(input: $i) { userErrors { message } } }', { i: { caseId: dragged.id } });
    await held.getByText('Ora in: In lavorazione').waitFor();
    await page.mouse.move(5, 5);
    await held.waitFor({ state: 'detached' });
    await card(page, 'Trascinata col mouse', 'working').waitFor();

    await page.getByRole('button', { name: 'Elenco' }).click();
    await page.locator('[role=grid] [role=row]').first().waitFor();
    await carla.check('board-list');
    await carla.leave();
  });

  test('a reply that waits is read as it would leave, sent back with a reason, and approved, by keyboard', async () => {
    const it = await arrive('Da rispondere con approvazione');
    const [carla, luca, ada] = [demo.person('Carla Monti'), demo.person('Luca Bassi'), demo.person('Ada Ferraris')];
    const { viewer } = await demo.ask<{ viewer: { user: { id: string } } }>(luca, '{ viewer { user { id } } }');
    await demo.ask(ada, 'mutation { officeSet(input: { code: "tributi", approvals: 1 }) { userErrors { message } } }');
    await demo.ask(carla, 'mutation($i: CaseAssignInput!) { caseAssign(input: $i) { userErrors { message } } }', { i: { caseId: it.id, version: it.version, assigneeId: viewer.user.id } });
    type Written = { replyStart: { reply: { id: string; version: number; mailbox: { id: string }; to: { name: string; address: string }[] } } };
    const { replyStart: { reply } } = await demo.ask<Written>(luca, 'mutation($i: ReplyStartInput!) { replyStart(input: $i) { reply { id version mailbox { id } to { name address } } userErrors { message } } }',
      { i: { caseId: it.id, manner: 'REPLY', messageId: it.messages.nodes[0]!.id } });
    const { replySave } = await demo.ask<{ replySave: { reply: { version: number } } }>(luca, 'mutation($i: ReplySaveInput!) { replySave(input: $i) { reply { version } userErrors { message } } }',
      { i: { replyId: reply.id, version: reply.version, mailboxId: reply.mailbox.id, to: reply.to, subject: 'Re: Da rispondere con approvazione', html: '<p>La sua richiesta è accolta.</p>' } });
    const submit = 'mutation($i: ReplySendInput!) { replySend(input: $i) { reply { state version } userErrors { message } } }';
    const { replySend } = await demo.ask<{ replySend: { reply: { state: string } } }>(luca, submit, { i: { replyId: reply.id, version: replySave.reply.version } });
    expect(replySend.reply.state).toBe('AWAITING_APPROVAL');

    const head = await Visitor.enter(browser, demo, 'Carla Monti', '/offices/tributi');
    const operator = await Visitor.enter(browser, demo, 'Luca Bassi', '/todo');
    const { page } = head;
    await card(page, 'Attende l’approvazione', 'waiting').waitFor();
    await page.getByRole('button', { name: 'Da approvare (1)' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('4');
    await page.getByText('La sua richiesta è accolta.').waitFor();
    await head.check('approvals');
    await page.keyboard.press('m');
    await page.getByRole('textbox', { name: /Che cosa va cambiato/ }).waitFor();
    await page.keyboard.type('Citare il regolamento.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Rimandata a Luca Bassi').waitFor();
    await page.getByText('Nessuna risposta attende la tua approvazione.').waitFor();
    await operator.page.getByText('Correggere la risposta rimandata da Carla Monti: Citare il regolamento.').waitFor();

    const { node } = await demo.ask<{ node: { version: number } }>(luca, 'query($id: ID!) { node(id: $id) { ... on Reply { version } } }', { id: reply.id });
    await demo.ask(luca, submit, { i: { replyId: reply.id, version: node.version } });
    await page.getByText('La sua richiesta è accolta.').waitFor();
    await page.keyboard.press('v');
    await page.getByText(/Approvata: parte alle \d\d:\d\d/).waitFor();
    await page.getByText('Nessuna risposta attende la tua approvazione.').waitFor();
    await operator.page.getByText(/Attendere (che la risposta parta|le ricevute di consegna)/).first().waitFor();
    expect([...head.wrongs, ...operator.wrongs]).toEqual([]);
    await Promise.all([head.leave(), operator.leave()]);
  });

  test('a reminder of the desk stands above all on both screens until it is answered by one key', async () => {
    const it = await arrive('Con un sollecito', 'suap');
    const [elena, teresa, sara] = [demo.person('Elena Riva'), demo.person('Teresa Galli'), demo.person('Sara Bellini')];
    const { viewer } = await demo.ask<{ viewer: { user: { id: string } } }>(teresa, '{ viewer { user { id } } }');
    await demo.ask(elena, 'mutation($i: CaseAssignInput!) { caseAssign(input: $i) { userErrors { message } } }', { i: { caseId: it.id, version: it.version, assigneeId: viewer.user.id } });
    const [head, operator] = [await Visitor.enter(browser, demo, 'Elena Riva', '/offices/suap'), await Visitor.enter(browser, demo, 'Teresa Galli', '/todo')];
    await item(operator.page, 'Con un sollecito').waitFor();
    await demo.ask(sara, 'mutation($i: CaseTextInput!) { caseRemind(input: $i) { userErrors { message } } }', { i: { caseId: it.id, text: 'A che punto è?' } });
    await card(head.page, 'Con un sollecito').getByText('Sollecito senza risposta').waitFor();
    await head.page.getByRole('checkbox', { name: /Solleciti e richieste/ }).check();
    await card(head.page, 'Con un sollecito').waitFor();
    expect(await head.page.locator('[data-card]').count()).toBe(await head.page.locator('[data-card]', { hasText: 'senza risposta' }).count());
    const { page } = operator;
    await item(page, 'Con un sollecito').getByText('Rispondere al sollecito di Sara Bellini').waitFor();
    await operator.check('todo-reminder');
    await item(page, 'Con un sollecito').getByRole('button').first().press('Enter');
    await page.keyboard.press('s');
    await page.getByRole('dialog').getByRole('textbox').fill('In lavorazione, risposta entro venerdì.');
    await page.keyboard.press('Control+Enter');
    await page.locator('[data-group=asked]', { hasText: 'Con un sollecito' }).waitFor({ state: 'detached' });
    await card(head.page, 'Con un sollecito').waitFor({ state: 'detached' });
    expect([...head.wrongs, ...operator.wrongs]).toEqual([]);
    await Promise.all([head.leave(), operator.leave()]);
  });

  test('an absence is planned, told on the board, and assigning to who is away proposes the one who stands in', async () => {
    await arrive('Per chi è assente', 'legale');
    const laura = await Visitor.enter(browser, demo, 'Laura Serra', '/offices/legale?view=absences');
    const { page } = laura;
    const form = page.getByRole('form', { name: 'Programma un’assenza' });
    await form.getByLabel('Chi è assente').selectOption('Omar Testa');
    await form.getByLabel('Chi sostituisce').selectOption('Silvia Rota');
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    await form.getByLabel('Primo giorno').fill(day(0));
    await form.getByLabel('Ultimo giorno').fill(day(7));
    await form.getByRole('button', { name: 'Programma' }).click();
    await page.getByText(/Assenza di Omar Testa dal .* programmata/).waitFor();
    await page.getByText(/sostituisce Silvia Rota/).first().waitFor();
    const named = page.getByRole('form', { name: 'Nomina un vice' });
    await named.getByLabel('Chi fa le veci').selectOption('Silvia Rota');
    await named.getByLabel('Dal').fill(day(0));
    await named.getByLabel('Al (compreso)').fill(day(3));
    await named.getByRole('button', { name: 'Nomina' }).click();
    await page.getByText(/vice dal .* al /).waitFor();
    await laura.check('absences');
    await page.getByRole('button', { name: 'Revoca Silvia Rota da vice' }).click();
    await page.getByText(/vice dal .* al /).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Colonne' }).click();
    await page.getByText(/Assente fino al .*, sostituisce Silvia Rota/).waitFor();
    await card(page, 'Per chi è assente', 'toAssign').getByRole('link').focus();
    await page.keyboard.press('a');
    await page.getByRole('dialog').getByRole('combobox').fill('omar');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Assegna a Silvia Rota' }).press('Enter');
    await card(page, 'Per chi è assente', 'assigned').getByText('al posto di Omar Testa').waitFor();
    await laura.leave();
  });

  test('on a phone one column at a time; in the dark as in the light', async () => {
    await arrive('Dal telefono del capo');
    const carla = await Visitor.enter(browser, demo, 'Carla Monti', '/offices/tributi', phone);
    const { page } = carla;
    await card(page, 'Dal telefono del capo').waitFor();
    expect(await page.locator('[data-column]').count()).toBe(1);
    expect(await page.locator('[draggable=true]').count()).toBe(0);
    await carla.check('phone-board');
    await page.getByRole('combobox', { name: 'Colonna' }).selectOption({ value: 'done' });
    await page.locator('[data-column=done]').waitFor();
    for (const path of ['/offices/tributi?view=approvals', '/offices/tributi?view=absences', '/todo']) {
      await page.goto(demo.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
      await page.setViewportSize({ width: 320, height: 640 });
      await until('room', async () => (await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
    }
    await carla.check('phone-todo');
    await carla.leave();

    const luca = await Visitor.enter(browser, demo, 'Luca Bassi', '/todo', { ...desktop, colorScheme: 'dark' });
    await luca.page.locator('[data-case]').first().waitFor();
    await luca.check('todo-dark');
    await luca.leave();
    const dark = await Visitor.enter(browser, demo, 'Carla Monti', '/offices/tributi', { ...desktop, colorScheme: 'dark' });
    await dark.page.locator('[data-card]').first().waitFor();
    await dark.check('board-dark');
    await dark.leave();
  });
});
