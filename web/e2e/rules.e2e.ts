import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, phone, tabTo, Visitor } from './browser';
import { Demo, until } from './demo';

interface Saved {
  ruleSave: { rule: { id: string; version: number } | null; userErrors: { message: string }[] };
}

describe.skipIf(missing)(`rules and deadlines${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** Writes a rule as somebody, by the API. */
  async function write(who: string, name: string, subject: string, more: object = {}): Promise<{ id: string; version: number }> {
    const person = demo.person(who);
    const { offices } = await demo.ask<{ offices: { nodes: { id: string; code: string }[] } }>(person, '{ offices(first: 20) { nodes { id code } } }');
    const officeId = offices.nodes.find((o) => o.code === 'sociali')!.id;
    const { ruleSave } = await demo.ask<Saved>(person, 'mutation ($input: RuleSaveInput!) { ruleSave(input: $input) { rule { id version } userErrors { message } } }', {
      input: { ...more, rule: { name, condition: { subject }, officeId } },
    });
    expect(ruleSave.userErrors).toEqual([]);
    return ruleSave.rule!;
  }

  test('a rule is written by keyboard alone, tried, switched on, routes the next PEC, and the case says so', async () => {
    for (let i = 1; i <= 6; i++) {
      await demo.send(`Richiesta di patrocinio ${i}`);
    }
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/rules');
    const { page } = ada;
    await page.getByRole('link', { name: 'Tributi locali' }).waitFor();
    await ada.check('rules');
    await page.keyboard.press('n');
    await page.getByLabel('Nome').waitFor();
    await page.keyboard.press('Enter'); // tries what is not complete
    await page.getByText('Ci sono 3 cose da correggere.').waitFor();
    await ada.check('rules-form-wrong');
    await page.keyboard.type('Patrocini');
    await tabTo(page, 'Valore');
    await page.keyboard.type('patrocinio');
    await tabTo(page, 'All’ufficio');
    await page.keyboard.type('Rag');
    await page.getByText('SE l’oggetto contiene «patrocinio» ALLORA a Ragioneria').waitFor();
    expect(await page.getByRole('button', { name: 'Salva e attiva' }).isDisabled()).toBe(true);
    await tabTo(page, 'Prova');
    await page.keyboard.press('Enter');
    await page.getByText('6 andrebbero altrove').waitFor();
    await ada.check('rules-form-tried');
    await tabTo(page, 'Salva e attiva');
    await page.keyboard.press('Enter');
    await page.getByText('«Patrocini» è attiva: vale dalla prossima PEC').waitFor();
    await page.getByRole('link', { name: 'Patrocini' }).waitFor();
    await ada.check('rules-detail');

    await demo.send('Nuovo patrocinio per la sagra');
    const sara = demo.person('Sara Bellini');
    let id = '';
    let number = '';
    await until('the case at its office', async () => {
      const { cases } = await demo.ask<{ cases: { nodes: { id: string; number: string; routeReason: string }[] } }>(sara, '{ cases(first: 1, orderBy: { field: RECEIVED_AT, direction: DESC }) { nodes { id number routeReason } } }');
      ({ id, number } = cases.nodes[0]!);
      return cases.nodes[0]!.routeReason.includes('Patrocini');
    });
    const sorter = await Visitor.enter(browser, demo, 'Sara Bellini', `/cases?read=${id}`);
    await sorter.page.getByText('Perché è qui: regola «Patrocini»').waitFor();
    await tabTo(sorter.page, 'Vedi la regola');
    await sorter.page.keyboard.press('Enter');
    await sorter.page.getByRole('heading', { name: 'Patrocini' }).waitFor();
    await sorter.page.getByRole('region', { name: 'Patrocini' }).getByText('1 pratica').waitFor();
    expect(await sorter.page.getByRole('button', { name: 'Nuova regola' }).count()).toBe(0);
    expect(await sorter.page.getByRole('button', { name: 'Modifica' }).count()).toBe(0);
    await sorter.check('rules-sorter');
    await sorter.page.goto(`${demo.url}/cases/${number}`);
    await sorter.page.getByRole('link', { name: 'Vedi la regola' }).waitFor();
    await sorter.check('rules-why');
    await sorter.leave();
    await ada.leave();
  });

  test('the order is changed by keys, buttons and dragging, and an old version comes back', async () => {
    await write('Ada Ferraris', 'Anagrafe', 'carta di identità');
    await write('Ada Ferraris', 'Asilo nido', 'asilo nido');
    const second = await write('Ada Ferraris', 'Mensa scolastica', 'mensa scolastica');
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', `/admin/rules?rule=${second.id}`);
    const { page } = ada;
    const order = async (): Promise<string[]> => (await page.getByRole('list', { name: /Regole, nell/ }).getByRole('link').allTextContents()).filter((n) => /Anagrafe|Asilo|Mensa/.test(n));
    await page.getByRole('link', { name: 'Mensa scolastica' }).waitFor();
    await page.keyboard.press('Shift+ArrowUp');
    await page.getByText(/«Mensa scolastica» ora è la numero/).waitFor();
    expect(await order()).toEqual(['Anagrafe', 'Mensa scolastica', 'Asilo nido']);
    await page.keyboard.press('z');
    await page.getByText('«Mensa scolastica» è tornata al suo posto').waitFor();
    await until('the rule in its old place', async () => (await order()).join() === 'Anagrafe,Asilo nido,Mensa scolastica');
    await page.getByRole('button', { name: 'Sposta su «Asilo nido»' }).click();
    await page.getByText(/«Asilo nido» ora è la numero/).waitFor();
    expect(await order()).toEqual(['Asilo nido', 'Anagrafe', 'Mensa scolastica']);
    const row = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('link', { name }) });
    await page.getByTitle('Trascina per spostare «Mensa scolastica»').dragTo(row('Asilo nido'), { targetPosition: { x: 200, y: 4 } });
    await until('the dragged rule at its place', async () => (await order()).join() === 'Mensa scolastica,Asilo nido,Anagrafe');

    await page.keyboard.press('Shift+ArrowDown'); // faster than the answers come
    await page.keyboard.press('Shift+ArrowDown');
    await until('the order that was asked for', async () => (await order()).join() === 'Asilo nido,Anagrafe,Mensa scolastica');
    await until('the same order at the server', async () => {
      const { rules } = await demo.ask<{ rules: { name: string }[] }>(demo.person('Ada Ferraris'), '{ rules { name } }');
      return rules.map((r) => r.name).filter((n) => /Anagrafe|Asilo|Mensa/.test(n)).join() === 'Asilo nido,Anagrafe,Mensa scolastica';
    });
    expect(await order()).toEqual(['Asilo nido', 'Anagrafe', 'Mensa scolastica']);

    await page.keyboard.press('m');
    await page.getByLabel('Nome').waitFor();
    await tabTo(page, 'Valore');
    await page.keyboard.press('End');
    await page.keyboard.type(' comunale');
    await tabTo(page, 'Salva come bozza');
    await page.keyboard.press('Enter');
    await page.getByText('«Mensa scolastica» è salvata come bozza').waitFor();
    await page.getByRole('region', { name: 'Mensa scolastica' }).getByText('«mensa scolastica comunale»').waitFor();
    await page.keyboard.press('v');
    await page.getByRole('list', { name: 'Versioni' }).waitFor();
    await ada.check('rules-versions');
    await tabTo(page, 'Torna alla versione 1');
    await page.keyboard.press('Enter');
    await page.getByText('«Mensa scolastica» è tornata alla versione 1').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Mensa scolastica' }).getByText('«mensa scolastica»').waitFor();
    await ada.leave();
  });

  test('who reads the PECs sees which would have moved, and whether people sent them there too', async () => {
    const ada = demo.person('Ada Ferraris');
    const ivo = demo.person('Ivo Manca');
    const sara = demo.person('Sara Bellini');
    const { users } = await demo.ask<{ users: { nodes: { id: string; name: string }[] } }>(ada, '{ users(first: 50) { nodes { id name } } }');
    const userId = users.nodes.find((u) => u.name === ivo.name)!.id;
    await demo.ask(ada, 'mutation ($input: UserSetInput!) { userSet(input: $input) { userErrors { message } } }', { input: { userId, sorter: true } });
    const { offices } = await demo.ask<{ offices: { nodes: { id: string; code: string }[] } }>(ada, '{ offices(first: 20) { nodes { id code } } }');
    const officeId = offices.nodes.find((o) => o.code === 'sociali')!.id;
    await demo.ask(ada, 'mutation ($input: MemberInput!) { memberAdd(input: $input) { userErrors { message } } }', { input: { userId, officeId, role: 'HEAD' } });
    for (const what of ['buca in via Roma', 'lampione spento', 'anziano solo']) {
      await demo.send(`Segnalazione ${what}`);
    }
    const find = async (): Promise<{ id: string; version: number; subject: string }[]> =>
      (await demo.ask<{ cases: { nodes: { id: string; version: number; subject: string }[] } }>(sara, '{ cases(first: 3, filter: { text: "segnalazione", statuses: [TO_SORT] }) { nodes { id version subject } } }')).cases.nodes;
    await until('all at the desk', async () => (await find()).length === 3);
    const alone = (await find()).find((c) => c.subject.includes('anziano'))!;
    await demo.ask(sara, 'mutation ($input: CaseSortInput!) { caseSort(input: $input) { userErrors { message } } }', { input: { caseId: alone.id, version: alone.version, officeId } });
    const rule = await write('Ada Ferraris', 'Segnalazioni', 'segnalazione');
    const visitor = await Visitor.enter(browser, demo, 'Ivo Manca', `/admin/rules?rule=${rule.id}&do=try`);
    const { page } = visitor;
    await page.getByRole('button', { name: 'Prova', exact: true }).click();
    await page.getByText('3 andrebbero altrove').waitFor();
    await page.getByText('una è stata mandata a un ufficio dalle persone: 1 dove la manderebbe la regola.').waitFor();
    const list = page.getByRole('table', { name: 'Quali' });
    await list.getByRole('row', { name: /Segnalazione lampione spento.*da smistare/ }).waitFor();
    await list.getByRole('row', { name: /anziano solo.*come la regola/ }).waitFor();
    await visitor.check('rules-trial');
    await page.getByRole('button', { name: 'Attiva questa versione' }).click();
    await page.getByText('«Segnalazioni» è attiva').waitFor();

    // What it said before is tried before it holds again.
    await write('Ada Ferraris', 'Segnalazioni', 'buca', { ruleId: rule.id, version: rule.version + 1 });
    await page.goto(`${demo.url}/admin/rules?rule=${rule.id}&do=versions`);
    await page.getByRole('button', { name: 'Torna alla versione 1' }).click();
    expect(await page.getByRole('button', { name: 'Torna alla versione 1' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Prova', exact: true }).click();
    await page.getByText('2 andrebbero altrove').waitFor();
    await page.getByRole('button', { name: 'Torna alla versione 1' }).click();
    await page.getByText('«Segnalazioni» è tornata alla versione 1').waitFor();
    await visitor.leave();
  });

  test('a trial looks back some days, and a look at all rules says which never decide', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/rules');
    const { page } = ada;
    const switchOn = async ({ id, version }: { id: string; version: number }): Promise<unknown> =>
      demo.ask(demo.person('Ada Ferraris'), 'mutation ($input: RuleSwitchInput!) { ruleSwitch(input: $input) { userErrors { message } } }', { input: { ruleId: id, version, on: true } });
    await switchOn(await write('Ada Ferraris', 'Piscina', 'piscina'));
    const courses = await write('Ada Ferraris', 'Corsi', 'nuoto');
    await switchOn(courses);
    for (let i = 1; i <= 5; i++) { // of fewer, who does not read them is told nothing
      await demo.send(`Nuoto in piscina ${i}`);
    }
    await page.getByRole('link', { name: 'Corsi' }).waitFor();
    await until('all where the rule sends them', async () => {
      const { rules } = await demo.ask<{ rules: { name: string; hits: number }[] }>(demo.person('Ada Ferraris'), '{ rules { name hits } }');
      return rules.some((r) => r.name === 'Piscina' && r.hits === 5);
    });
    await tabTo(page, 'Controlla sugli ultimi 90 giorni');
    await page.keyboard.press('Enter');
    await page.getByText(/PEC guardate, degli ultimi 90 giorni/).waitFor();
    await page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Corsi' }) }).getByText('Non decide mai: prima viene «Piscina» (5)').waitFor();
    await page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Piscina' }) }).getByText('ne prende 5').waitFor();
    await ada.check('rules-review');
    await page.goto(`${demo.url}/admin/rules?rule=${courses.id}&do=try`);
    await page.getByLabel('Su quali PEC').selectOption('quelle degli ultimi 30 giorni');
    await page.getByRole('button', { name: 'Prova', exact: true }).click();
    await page.getByText('Nessuna delle PEC guardate').or(page.getByText('Nessuna PEC andrebbe altrove')).first().waitFor();
    await ada.leave();
  });

  test('two administrators at one rule: what one typed is kept, and he is told what the other did', async () => {
    const rule = await write('Ada Ferraris', 'Cimiteri', 'concessione cimiteriale');
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', `/admin/rules?rule=${rule.id}&do=edit`);
    const { page } = ada;
    await page.getByLabel('Nome').fill('Cimiteri e loculi');
    await write('Ivo Manca', 'Cimiteri', 'loculo', { ruleId: rule.id, version: rule.version });
    await page.getByText(/Ivo Manca l’ha cambiata il/).waitFor();
    await page.getByText('SE l’oggetto contiene «loculo» ALLORA a Servizi sociali').waitFor();
    expect(await page.getByLabel('Nome').inputValue()).toBe('Cimiteri e loculi');
    await ada.check('rules-conflict');
    await page.reload();
    await page.getByText('Si riprende da quello che era scritto e non salvato.').waitFor();
    await page.getByText(/Ivo Manca l’ha cambiata il/).waitFor();
    expect(await page.getByLabel('Nome').inputValue()).toBe('Cimiteri e loculi');
    await page.getByRole('button', { name: 'Salva comunque la mia' }).click();
    await page.getByRole('heading', { name: 'Cimiteri e loculi' }).waitFor();
    await page.getByRole('region', { name: 'Cimiteri e loculi' }).getByText('«concessione cimiteriale»').waitFor();
    await page.getByRole('button', { name: 'Togli dall’elenco…' }).click();
    await page.getByLabel(/Per confermare/).fill('cimiteri e loculi');
    await ada.check('rules-removal');
    await page.getByRole('button', { name: 'Togli dall’elenco', exact: true }).click();
    await page.getByRole('link', { name: 'Cimiteri e loculi' }).waitFor({ state: 'detached' });
    await ada.leave();
  });

  test('a deadline is reckoned with each day that does not count, and a year shows its holidays', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/deadlines?day=2027-10-01&time=09:00&amount=2+working+days');
    const { page } = ada;
    await page.getByText('Calcolata: 2 giorni lavorativi dal 01/10/2027, 09:00 → 06/10/2027, 17:00').waitFor();
    await page.getByRole('row', { name: /04\/10\/2027 lunedì.*San Francesco/ }).waitFor();
    await ada.check('deadlines');
    await page.getByLabel('Dal').fill('2027-03-26');
    await page.getByLabel('Quanto', { exact: true }).fill('1');
    await page.getByText('Calcolata: 1 giorno lavorativo dal 26/03/2027, 09:00 → 30/03/2027, 17:00').waitFor();
    await page.getByRole('row', { name: /29\/03\/2027 lunedì.*Lunedì dell'Angelo/ }).waitFor();
    await page.getByRole('button', { name: 'Calcola: Evadere, 5 giorni lavorativi, Avvocatura comunale' }).click();
    await page.getByText('Calcolata: 5 giorni lavorativi dal 26/03/2027, 09:00').waitFor();
    await page.getByLabel('Anno', { exact: true }).selectOption('2025');
    const october = page.getByRole('table', { name: 'ottobre' });
    await page.getByRole('heading', { name: 'Calendario 2025' }).waitFor();
    await page.getByRole('table', { name: 'aprile' }).getByText("Lunedì dell'Angelo").waitFor({ state: 'attached' });
    expect(await october.getByText('San Francesco').count()).toBe(0);
    await page.getByRole('button', { name: 'Anno dopo' }).click();
    await october.getByText("San Francesco d'Assisi").waitFor({ state: 'attached' });
    await ada.leave();

    const onPhone = await Visitor.enter(browser, demo, 'Sara Bellini', '/admin/deadlines', phone);
    await onPhone.page.getByText(/Calcolata: 30 giorni dal/).waitFor();
    await onPhone.check('phone-deadlines');
    expect(await onPhone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await onPhone.leave();
    const dark = await Visitor.enter(browser, demo, 'Rita Soave', '/admin/deadlines', { viewport: { width: 1440, height: 2600 }, colorScheme: 'dark' });
    await dark.page.getByText(/Calcolata: 30 giorni dal/).waitFor();
    await dark.page.getByRole('table', { name: 'dicembre' }).waitFor();
    await dark.check('dark-deadlines');
    await dark.leave();
  });

  test('closures and deadlines are kept by keyboard alone, the reckoner follows, and so does what somebody else changes', async () => {
    const year = new Date().getFullYear() + 1;
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', `/admin/deadlines?day=${year}-10-08&time=09:00&amount=5+working+days`);
    const { page } = ada;
    const due = page.getByText(/^Calcolata: 5 giorni lavorativi/);
    await due.filter({ hasText: new RegExp(`→ 1\\d/10/${year}`) }).waitFor();

    await tabTo(page, 'Nuova chiusura');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Nuova chiusura' });
    await dialog.waitFor();
    await tabTo(page, 'Nome');
    await page.keyboard.type('Trasloco degli uffici');
    await tabTo(page, 'Dal');
    await page.keyboard.type(`1010${year}`); // the same in every order of day and month
    await tabTo(page, 'Al');
    await page.keyboard.type(`1111${year}`);
    await ada.check('closure');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await due.filter({ hasText: new RegExp(`→ 1\\d/11/${year}`) }).waitFor();
    await page.getByRole('region', { name: 'Calcolo di una scadenza' }).getByText('Trasloco degli uffici').first().waitFor();
    const closure = page.getByRole('row', { name: new RegExp(`Trasloco degli uffici 10/10/${year} – 11/11/${year} Tutto l’ente Scritto qui`) });
    await closure.waitFor();
    await ada.check('closures');

    const person = demo.person('Ada Ferraris'); // at another desk
    const { closures } = await demo.ask<{ closures: { id: string; name: string; version: number }[] }>(person, '{ closures { id name version } }');
    const { id, version } = closures.find((c) => c.name === 'Trasloco degli uffici')!;
    await demo.ask(person, 'mutation ($input: ClosureRemoveInput!) { closureRemove(input: $input) { userErrors { message } } }', { input: { closureId: id, version } });
    await closure.waitFor({ state: 'detached' });
    await due.filter({ hasText: new RegExp(`→ 1\\d/10/${year}`) }).waitFor();

    await tabTo(page, 'Nuovo termine');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Nuovo termine' }).waitFor();
    await tabTo(page, 'Che cosa');
    await page.keyboard.type('Risp');
    await tabTo(page, 'Entro');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('7');
    await tabTo(page, 'Per chi');
    await page.getByLabel('Per chi').getByRole('option', { name: 'Avvocatura comunale', exact: true }).waitFor({ state: 'attached' });
    await page.keyboard.type('Avvoc');
    await ada.check('deadline-form');
    await tabTo(page, 'Salva');
    await page.keyboard.press('Enter');
    const kept = page.getByRole('row', { name: /^Rispondere 7 giorni Avvocatura comunale Scritto qui/ });
    await kept.waitFor();
    await tabTo(page, 'Togli: Rispondere, Avvocatura comunale');
    await page.keyboard.press('Enter');
    await kept.waitFor({ state: 'detached' });
    await page.keyboard.press('z');
    await kept.waitFor();
    await ada.check('deadlines-kept');
    await ada.leave();
  });

  test('on a phone and in the dark, and with conditions in groups', async () => {
    const ada = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/rules', phone);
    const { page } = ada;
    await page.getByRole('link', { name: 'Tributi locali' }).waitFor();
    await ada.check('phone-rules');
    await page.getByRole('link', { name: 'Tributi locali' }).tap();
    await page.getByRole('heading', { name: 'Tributi locali' }).waitFor();
    await ada.check('phone-rule');
    await page.getByRole('button', { name: 'Scrivine una uguale' }).tap();
    await page.getByLabel('Nome').waitFor();
    await page.getByRole('button', { name: 'Aggiungi gruppo' }).first().tap();
    await ada.check('phone-rules-form');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await ada.leave();

    const dark = await Visitor.enter(browser, demo, 'Ada Ferraris', '/admin/rules?do=new', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    await dark.page.getByLabel('Nome').waitFor();
    await dark.page.getByRole('button', { name: 'Aggiungi gruppo' }).first().click();
    await dark.check('dark-rules-form');
    await dark.leave();
  });
});
