import type { Browser, Locator, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, phone, Visitor } from './browser';
import { Demo, until } from './demo';

const rows = '[role=grid] [role=row]';
const small = { ...phone, viewport: { width: 320, height: 568 } };

describe.skipIf(missing)(`on a phone${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const enter = (who: string, path: string, options: object = phone): Promise<Visitor> => Visitor.enter(browser, demo, who, path, options);
  const row = (page: Page, text: string): Locator => page.locator(rows, { hasText: text });
  const live = (page: Page): Promise<void> => page.getByText('In tempo reale').waitFor({ state: 'attached' });

  /** Waits until the client is kept on the device, so that it opens without a network. */
  async function isKept(page: Page): Promise<void> {
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await until('the pages of the desk', () => page.evaluate(() => new Promise<boolean>((done) => {
      const opening = indexedDB.open(`smista ${localStorage.getItem('smista.owner')}`);
      opening.onsuccess = () => {
        const reading = opening.result.transaction('pages').objectStore('pages').get('rows');
        reading.onsuccess = () => {
          opening.result.close();
          done((reading.result as { data: unknown[] } | undefined)?.data.length! > 0);
        };
      };
    })));
  }

  /** Draws a finger over a row. */
  async function swipe(page: Page, at: Locator): Promise<void> {
    const box = (await at.boundingBox())!;
    const cdp = await page.context().newCDPSession(page);
    const y = box.y + box.height / 2;
    const touch = (type: string, x?: number): Promise<unknown> => cdp.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: x === undefined ? [] : [{ x, y }] });
    await touch('touchStart', 300);
    for (const x of [270, 230, 190, 150]) {
      await touch('touchMove', x);
    }
    await new Promise((done) => setTimeout(done, 200)); // a finger that rests before it lifts flings nothing
    await touch('touchMove', 150);
    await touch('touchEnd');
  }

  /** Pushes to the service worker, as a push service does; gives back what the notice says and where it leads. */
  async function pushing(page: Page, origin: string): Promise<(what: unknown) => Promise<{ title: string; body: string; page: unknown }>> {
    const cdp = await page.context().newCDPSession(page);
    const registered = new Promise<string>((done) => cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [one] }) => one && done(one.registrationId)));
    await cdp.send('ServiceWorker.enable');
    const registrationId = await registered;
    return async (what) => {
      await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: typeof what === 'string' ? what : JSON.stringify(what) });
      let told: { title: string; body: string; page: unknown }[] = [];
      await until('the notice', async () => {
        told = await page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((n) => ({ title: n.title, body: n.body, page: n.data as unknown, gone: n.close() })).map(({ gone: _, ...n }) => n));
        return told.length > 0;
      });
      return told[0]!;
    };
  }

  /** Everything that can be pressed and is smaller than 44 pixels both ways. */
  const tooSmall = (page: Page): Promise<string[]> => page.evaluate(() => [...document.querySelectorAll('button, a[href], select, input, [role=option]')]
    .filter((e) => {
      const { width, height } = e.getBoundingClientRect();
      return width > 0 && height > 1 && (e as HTMLElement).checkVisibility({ visibilityProperty: true }) && (height < 43.5 || width < 43.5) && !e.closest('p:not([data-tone]), label, dd, li, [class*=skip]') && !e.matches('[class*=skip], [type=checkbox]');
    }).map((e) => `${e.outerHTML.slice(0, 120)} ${e.getBoundingClientRect().width}x${e.getBoundingClientRect().height}`));

  test('sorted by three taps, and by a swipe that only shows a button', async () => {
    await demo.send('Con tre tocchi', 'Testo da leggere in piedi.');
    await demo.send('Con un gesto');
    const sara = await enter('Sara Bellini', '/desk', small);
    const { page } = sara;
    await row(page, 'Con tre tocchi').waitFor();
    await row(page, 'Con un gesto').waitFor();
    await sara.check('phone-320-desk');
    expect(await tooSmall(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await row(page, 'Con tre tocchi').tap();
    await page.frameLocator('article iframe').getByText('Testo da leggere in piedi.').waitFor();
    await sara.check('phone-320-message');
    expect(await tooSmall(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.getByRole('button', { name: 'Smista', exact: true }).tap();
    await page.getByRole('option').first().waitFor();
    await sara.check('phone-320-offices');
    const box = (await page.getByRole('dialog').boundingBox())!;
    expect(Math.round(box.y + box.height)).toBe(568);
    await page.getByRole('option', { name: /Ragioneria/ }).tap();
    await page.getByText(/Smistata a Ragioneria/).first().waitFor();
    await row(page, 'Con tre tocchi').waitFor({ state: 'detached' });

    const swiped = row(page, 'Con un gesto');
    await swipe(page, swiped);
    const button = swiped.getByRole('button', { name: 'Smista' });
    await button.waitFor();
    await sara.check('phone-320-swipe');
    await button.tap();
    await page.getByRole('option', { name: /Edilizia/ }).tap();
    await page.getByText(/Smistata a Edilizia/).first().waitFor();
    await page.getByRole('button', { name: 'Annulla' }).last().tap();
    await page.getByText('Di nuovo da smistare').waitFor();
    await row(page, 'Con un gesto').waitFor();

    await page.getByRole('button', { name: /lingua, aspetto, uscita/ }).tap(); // who wants no gestures
    await page.getByRole('menuitem', { name: 'Questo dispositivo' }).tap();
    await page.getByRole('switch', { name: 'Scorrere una riga di lato mostra il pulsante Smista' }).press(' ');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await swipe(page, row(page, 'Con un gesto'));
    expect(await row(page, 'Con un gesto').getByRole('button', { name: 'Smista' }).count()).toBe(0);

    await page.getByRole('button', { name: 'Seleziona', exact: true }).tap();
    await row(page, 'Con un gesto').tap();
    await page.getByText('1 selezionata').waitFor();
    await sara.check('phone-320-selecting');
    await sara.leave();
  });

  test('without a network: read, sorted, done once when it is back, and who was faster is told', async () => {
    await demo.send('Senza rete uno', 'Si legge anche in cantina.');
    await demo.send('Senza rete due');
    const sara = await enter('Sara Bellini', '/desk');
    const { page, context } = sara;
    await live(page);
    await row(page, 'Senza rete uno').tap();
    await page.frameLocator('article iframe').getByText('Si legge anche in cantina.').waitFor();
    await page.goBack();
    await isKept(page);

    await context.setOffline(true);
    const begin = Date.now();
    await page.reload();
    await row(page, 'Senza rete uno').waitFor();
    expect(Date.now() - begin).toBeLessThan(1_500);
    await page.getByText(/Non in linea – dati delle/).waitFor();
    await row(page, 'Senza rete uno').tap();
    await page.getByText('Si legge anche in cantina.').waitFor();
    await sara.check('phone-offline-message');
    await page.getByRole('button', { name: 'Smista', exact: true }).tap();
    await page.getByRole('option', { name: /Ragioneria/ }).tap();
    await row(page, 'Senza rete uno').getByText('In attesa di rete → Ragioneria').waitFor();
    await row(page, 'Senza rete due').tap();
    await page.getByRole('button', { name: 'Smista', exact: true }).tap();
    await page.getByRole('option', { name: /Ragioneria/ }).tap();
    await page.getByText('In attesa di rete (2)').waitFor();
    await sara.check('phone-offline-desk');

    const davide = demo.person('Davide Orsi');
    const idOf = (subject: string): Promise<string> => demo.ask<{ cases: { nodes: { id: string }[] } }>(davide, `{ cases(first: 1, filter: { text: "${subject}" }) { nodes { id } } }`).then((d) => d.cases.nodes[0]!.id);
    const first = await idOf('Senza rete uno');
    const { cases, offices } = await demo.ask<{ cases: { nodes: { id: string; version: number }[] }; offices: { nodes: { id: string; name: string }[] } }>(
      davide, '{ cases(first: 1, filter: { text: "Senza rete due" }) { nodes { id version } } offices(first: 50) { nodes { id name } } }',
    );
    const edilizia = offices.nodes.find((o) => o.name.includes('Edilizia'))!;
    await demo.ask(davide, 'mutation($i: CaseSortInput!) { caseSort(input: $i) { userErrors { message } } }', {
      i: { caseId: cases.nodes[0]!.id, version: cases.nodes[0]!.version, officeId: edilizia.id },
    });

    await page.reload(); // what waits outlives the page
    await page.getByText('In attesa di rete (2)').waitFor();
    await context.setOffline(false);
    await page.getByText('1 azione da rivedere').waitFor({ timeout: 30_000 });
    await page.getByText('La rete è tornata: 1 azione in attesa è stata fatta').waitFor();
    await row(page, 'Senza rete uno').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Rivedi' }).first().tap();
    await page.getByText(/Nel frattempo: .*Edilizia.* da Davide Orsi alle/).waitFor();
    await sara.check('phone-review');
    const { events } = await demo.ask<{ events: { nodes: { actor: { name: string } }[] } }>(
      davide, 'query($case: ID!) { events(last: 50, filter: { kinds: [CASE_SORTED], caseIds: [$case] }) { nodes { actor { name } } } }', { case: first },
    );
    expect(events.nodes).toEqual([{ actor: { name: 'Sara Bellini' } }]);

    await page.getByRole('button', { name: 'Smista comunque' }).tap();
    await page.getByText('Nessuna azione attende la rete.').waitFor();
    const after = await demo.ask<{ node: { office: { name: string } } }>(davide, 'query($id: ID!) { node(id: $id) { ... on Case { office { name } } } }', { id: cases.nodes[0]!.id });
    expect(after.node.office.name).toContain('Ragioneria');
    await sara.leave();
  });

  const wantsStream = (request: Request): boolean => request.headers().accept === 'text/event-stream';
  const asksOn = (request: Request): boolean => /"variables":{"after":"[^"]+","first":20}/.test(request.postData() ?? '');

  test('where no WebSocket passes, a stream tells what comes, live', async () => {
    const sara = await enter('Sara Bellini', '/cases');
    const { page } = sara;
    await page.routeWebSocket(/graphql/, (socket) => void socket.close());
    let questions = 0;
    page.on('request', (request) => (questions += Number(asksOn(request))));
    const stream = page.waitForResponse((response) => wantsStream(response.request()));
    await page.goto(`${demo.url}/desk`);
    expect((await stream).status()).toBe(200);
    await page.getByText('In tempo reale').waitFor();
    await demo.send('Con lo stream');
    await row(page, 'Con lo stream').waitFor();
    await page.getByText('In tempo reale').waitFor();
    expect(questions).toBe(0);
    await sara.check('phone-streaming');
    await sara.leave();
  });

  test('where neither passes, the register is asked every half minute, and the chip says so', async () => {
    const sara = await enter('Sara Bellini', '/cases');
    const { page } = sara;
    await page.routeWebSocket(/graphql/, (socket) => void socket.close());
    await page.route('**/graphql', (route) => (wantsStream(route.request()) ? route.abort() : route.fallback()));
    const question = page.waitForRequest(asksOn);
    await page.goto(`${demo.url}/desk`);
    await question;
    await page.getByText('Aggiornamento ogni 30 s').waitFor();
    await demo.send('Senza socket');
    await until('the question that tells it', async () => { // asked at once when the network comes back, as after a tunnel
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await new Promise((done) => setTimeout(done, 400));
      return (await row(page, 'Senza socket').count()) > 0;
    });
    await sara.check('phone-asking');
    await sara.leave();
  });

  test('it can be installed', async () => {
    const sara = await enter('Sara Bellini', '/desk');
    const { page, context } = sara;
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    const cdp = await context.newCDPSession(page);
    const manifest = await cdp.send('Page.getAppManifest');
    expect(manifest.errors).toEqual([]);
    const said = JSON.parse(manifest.data!) as { icons: { purpose: string; sizes: string }[]; shortcuts: { url: string }[] };
    expect(said).toMatchObject({ id: '/', name: expect.stringContaining('Smista'), short_name: 'Smista', lang: 'it', display: 'standalone', start_url: '/', scope: '/', theme_color: expect.stringMatching(/^#/) });
    expect(said.icons.map((i) => `${i.purpose} ${i.sizes}`).sort()).toEqual(['any 192x192', 'any 512x512', 'maskable 192x192', 'maskable 512x512']);
    expect(said.shortcuts.map((s) => s.url)).toEqual(['/desk', '/cases']);
    expect(await page.locator('link[rel=manifest]').getAttribute('crossorigin')).toBe('use-credentials'); // behind a proxy that wants a password
    const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
    expect(installabilityErrors.map((e) => e.errorId).filter((id) => id !== 'in-incognito')).toEqual([]); // as every context of a test is
    await sara.leave();
  });

  test('notices are asked for where they are explained, and signing out leaves nothing here', async () => {
    const sara = await enter('Sara Bellini', '/desk', { ...phone, permissions: ['notifications'] });
    const { page, context } = sara;
    await page.addInitScript(() => {
      let one: unknown = null;
      const made = {
        endpoint: 'https://push.example.com/one', options: { applicationServerKey: null },
        toJSON: () => ({ endpoint: 'https://push.example.com/one', keys: { p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM', auth: 'tBHItJI5svbpez7KI4CCXg' } }),
        unsubscribe: () => Promise.resolve((localStorage.setItem('test.unsubscribed', '1'), (one = null), true)),
      };
      PushManager.prototype.subscribe = () => Promise.resolve((one = made) as unknown as PushSubscription);
      PushManager.prototype.getSubscription = () => Promise.resolve(one as PushSubscription | null);
      navigator.setAppBadge = (n) => Promise.resolve(void (document.documentElement.dataset['badge'] = String(n)));
    });
    await page.reload();
    await isKept(page);
    await page.getByRole('button', { name: /lingua, aspetto, uscita/ }).tap();
    await page.getByRole('menuitem', { name: 'Questo dispositivo' }).tap();
    await page.getByRole('button', { name: 'Attiva le notifiche' }).tap();
    await page.getByText('Le notifiche sono attive su questo dispositivo.').waitFor();
    await sara.check('phone-device');
    const { viewer } = await demo.ask<{ viewer: { pushSubscriptions: { label: string }[] } }>(demo.person('Sara Bellini'), '{ viewer { pushSubscriptions { label } } }');
    expect(viewer.pushSubscriptions).toHaveLength(1);
    await page.keyboard.press('Escape');

    await until('the badge', async () => {
      const { caseCount } = await demo.ask<{ caseCount: number }>(demo.person('Sara Bellini'), '{ caseCount(filter: { statuses: [TO_SORT] }) }');
      return (await page.locator('html').getAttribute('data-badge')) === String(caseCount);
    });
    const push = await pushing(page, demo.url);
    expect(await push({ kind: 'to-sort', count: 1 })).toEqual({ title: 'Smista', body: 'Nuova PEC da smistare', page: '/desk' });
    expect(await push({ kind: 'assigned', case: 'Q2FzZTox', count: 1 })).toEqual({ title: 'Smista', body: 'Una pratica è stata assegnata a te', page: '/cases?read=Q2FzZTox' });
    expect(await push('what nobody understands')).toEqual({ title: 'Smista', body: 'C’è qualcosa da vedere in Smista', page: '/' });
    await page.getByRole('button', { name: /lingua, aspetto, uscita/ }).tap();
    await page.getByRole('menuitem', { name: 'English' }).tap();
    await page.locator('html[lang=en]').waitFor();
    await until('the sentences in English', async () => (await push({ kind: 'to-sort', count: 3 })).body === '3 PECs to sort');
    await context.serviceWorkers()[0]!.evaluate(() => { // a notice is pressed
      const pressed = new Event('notificationclick');
      Object.assign(pressed, { notification: { data: '/overview', close: () => undefined }, waitUntil: (done: Promise<unknown>) => void done.catch(() => undefined) });
      dispatchEvent(pressed);
    });
    await page.waitForURL(/\/overview$/);
    await page.getByRole('button', { name: /language, looks, sign out/ }).tap();
    await page.getByRole('menuitem', { name: 'Italiano' }).tap();

    await context.route('**/api/v1/session', async (route) => { // the session itself goes on, for the other tests
      await context.clearCookies();
      await route.fulfill({ status: 204 });
    });
    await page.getByRole('button', { name: /lingua, aspetto, uscita/ }).tap();
    await page.getByRole('menuitem', { name: 'Esci' }).tap();
    await page.waitForURL(/sign-in/);
    const left = await page.evaluate(async () => ({
      caches: await caches.keys(), bases: (await indexedDB.databases()).map((b) => b.name), owner: localStorage.getItem('smista.owner'),
      unsubscribed: localStorage.getItem('test.unsubscribed'),
    }));
    expect(left).toEqual({ caches: [], bases: [], owner: null, unsubscribed: '1' });
    await sara.leave();
  });

  test('a session that ends leaves what was typed, and one goes on after signing in there', async () => {
    const davide = await enter('Davide Orsi', '/desk');
    const { page, context } = davide;
    const { email, password } = demo.person('Davide Orsi');
    // a session of this test alone
    const own = await context.request.post(`${demo.url}/api/v1/session`, { data: { email, password }, headers: { Origin: demo.url } });
    expect(own.ok()).toBe(true);
    await page.reload();
    await live(page);
    await page.locator(rows).first().tap();
    await page.getByRole('button', { name: 'Smista', exact: true }).tap();
    await page.getByLabel('Nota per l’ufficio').fill('Da vedere entro domani');
    await context.request.delete(`${demo.url}/api/v1/session`, { headers: { Origin: demo.url } });
    const again = page.getByRole('dialog', { name: 'La sessione è finita: accedi di nuovo' });
    await again.waitFor();
    await davide.check('phone-session-end');
    await again.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await again.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Nota per l’ufficio').inputValue()).toBe('Da vedere entro domani');
    await page.getByRole('option', { name: /Ragioneria/ }).tap();
    await page.getByText(/Smistata a Ragioneria/).first().waitFor();
    await davide.leave();
  });
});
