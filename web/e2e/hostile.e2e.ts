// Mail that wants to do something: it is shown, does nothing, and calls nowhere.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, Visitor } from './browser';
import { Demo, written, type Letter } from './demo';

const rows = '[role=grid] [role=row]';

describe.skipIf(missing)(`hostile mail${missing && ` (${missing})`}`, () => {
  let demo: Demo;
  let browser: Browser;
  /** A host on the same machine that must never hear of anything. */
  let outside: Server;
  let there: string;
  const heard: string[] = [];

  beforeAll(async () => {
    outside = createServer((request, response) => {
      heard.push(`${request.method} ${request.url}`);
      response.end();
    }).listen(0, '127.0.0.1');
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
    there = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    outside?.close();
  });

  /** What a mail made happen that must not: it is read, clicked at, and left. */
  class Watched {
    readonly happened: string[] = [];

    private constructor(readonly sara: Visitor, readonly page: Page) {
      page.on('dialog', (d) => {
        this.happened.push(`dialog: ${d.message()}`);
        void d.dismiss();
      });
      page.on('popup', (p) => this.happened.push(`window: ${p.url()}`));
      page.on('framenavigated', (f) => {
        if (!f.url().startsWith('about:') && !/\/(desk|api\/v1\/(messages|attachments)\/[^/]+\/(body|message\/body))(\?|$)/.test(f.url())) {
          this.happened.push(`navigation: ${f.url()}`);
        }
      });
      page.on('request', (r) => {
        if (r.frame() !== page.mainFrame() && !r.isNavigationRequest()) {
          this.happened.push(`request of the frame: ${r.url().slice(0, 200)}`);
        }
      });
    }

    static async open(subject: string, letter: Letter): Promise<Watched> {
      await demo.send(subject, letter);
      const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
      const row = sara.page.locator(rows, { hasText: subject });
      await row.waitFor({ timeout: 90_000 }); // what is large comes later
      const watched = new Watched(sara, sara.page);
      await row.click();
      await sara.page.locator('article h2', { hasText: subject }).waitFor();
      return watched;
    }

    get body(): FrameLocator {
      return this.page.frameLocator('article iframe');
    }

    /** Whether nothing happened, and the page around the mail is as it was. */
    async expectNothing(): Promise<void> {
      await this.page.waitForTimeout(300);
      expect(await this.page.evaluate(() => (globalThis as { owned?: unknown }).owned)).toBeUndefined();
      expect(await this.page.title()).toBe('Smistamento – Smista');
      expect([...this.happened, ...heard.splice(0), ...this.sara.wrongs]).toEqual([]);
      await this.sara.leave();
    }
  }

  const own = (how: string): string => `parent.owned='${how}';top.owned='${how}';alert('${how}')`;

  test('scripts in every form in which they were ever hidden', async () => {
    const watched = await Watched.open('Ostile: script', { text: 'testo', html: `
      <p>Fine del testo</p><script>${own('script')}</script><script src="${there}/s.js"></script>
      <img src=x onerror="${own('onerror')}"><body onload="${own('onload')}"><p><a href="javascript:${own('href')}" id=j>javascript</a></p>
      <p><a href="java&#x0A;script:${own('href2')}">a capo</a></p><iframe srcdoc="<script>${own('srcdoc')}</script>"></iframe>
      <object data="data:text/html,<script>${own('object')}</script>"></object><embed src="${there}/e"><details open ontoggle="${own('toggle')}">x</details>
      <input autofocus onfocus="${own('focus')}"><video src="${there}/v" onerror="${own('video')}"></video><marquee onstart="${own('marquee')}">x</marquee>
      <div style="width:expression(${own('expression')});behavior:url(${there}/b.htc);-moz-binding:url(${there}/x.xml)">stile</div>
      <template><script>${own('template')}</script></template><noscript><p title="</noscript><img src=x onerror=${own('noscript')}>"></noscript>
      <!--[if gte mso 9]><script>${own('mso')}</script><![endif]--><xss onpointerrawupdate="${own('xss')}" style="display:block">fuori elenco</xss>` });
    await watched.body.getByText('Fine del testo').waitFor();
    await watched.body.getByText('javascript', { exact: true }).click();
    await watched.body.getByText('a capo').click();
    await watched.body.getByText(/fuori elenco/).hover();
    expect(await watched.body.locator('script, iframe, object, embed, input, video, template, [onload], [onerror]').count()).toBe(0);
    await watched.expectNothing();
  });

  test('SVG and MathML, in which other rules hold', async () => {
    const watched = await Watched.open('Ostile: SVG e MathML', { html: `
      <svg><script>${own('svg')}</script><animate onbegin="${own('begin')}" attributeName=x dur=1s><image href="${there}/svg.png"/><foreignObject><iframe src="${there}/fo"></iframe></foreignObject><use href="${there}/u.svg#a"/></svg>
      <math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${own('mxss')}&gt;"></table></mtext></math>
      <math href="javascript:${own('math')}"><mi xlink:href="javascript:${own('xlink')}">CLICCA</mi></math>
      <form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=${own('form')} src>">
      </svg></math><p>Dopo la matematica</p>` });
    await watched.body.getByText('Dopo la matematica').waitFor();
    expect(await watched.body.locator('svg, math, foreignObject, img[onerror]').count()).toBe(0);
    await watched.expectNothing();
  });

  test('pictures, styles and links that call home', async () => {
    const cid = 'logo@qui';
    const dot = Buffer.from('R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');
    const watched = await Watched.open('Ostile: spie', {
      files: [{ name: 'logo.gif', type: 'image/gif', content: dot, id: cid }],
      html: `<head><base href="${there}/"><link rel=stylesheet href="${there}/l.css"><link rel=preload as=image href="${there}/p"><link rel=dns-prefetch href="${there}">
        <style>@import url(${there}/i.css);@import "${there}/i2.css";@font-face{font-family:f;src:url(${there}/f.woff)}p{font-family:f;background:url(${there}/bg.png)}
        input[value^=a]{background:url(${there}/a)}a[href*="token"]{list-style-image:url(${there}/token)}:visited{background:url(${there}/v)}
        p::before{content:url(${there}/before)}div{cursor:url(${there}/c),auto;mask:url(${there}/m);filter:url(${there}/f.svg#x);border-image:image-set("${there}/set" 1x)}
        x{--u:url(${there}/var)}y{background:var(--u)}</style></head>
        <img src="${there}/pixel.gif" width=1 height=1><img srcset="${there}/1x 1x, ${there}/2x 2x"><picture><source srcset="${there}/source"><img src="${there}/picture"></picture>
        <img src="//${there.slice(7)}/schemeless"><img src="relative.png"><img src="/api/v1/session"><table background="${there}/table"><tr><td background="${there}/td" style="background:u\\72l(${there}/esc)">cella</td></table>
        <audio src="${there}/audio" autoplay></audio><input type=image src="${there}/input"><a href="${there}/ping" ping="${there}/ping2">collegamento</a><p>Con il logo</p><img id=logo src="cid:${cid}" alt="logo">`,
    });
    await watched.body.getByText('Con il logo').waitFor();
    await watched.page.getByText(/immagini esterne bloccate/).waitFor();
    await expect.poll(() => watched.body.getByAltText('logo').evaluate((i) => (i as HTMLImageElement).naturalWidth)).toBe(1);
    await watched.expectNothing();
  });

  test('forms and pages that lead elsewhere by themselves', async () => {
    const watched = await Watched.open('Ostile: moduli e rinvii', { html: `
      <meta http-equiv=refresh content="0;url=${there}/refresh"><meta http-equiv="Content-Security-Policy" content="default-src *"><meta http-equiv="set-cookie" content="a=b">
      <form action="${there}/form" method=post target=_top><input name=password type=password value=x><button id=send>Accedi</button><button formaction="${there}/formaction">Accedi ancora</button></form>
      <form action="/api/v1/session"><input type=submit value="Esci"></form><button type=submit form=x>Invia</button><dialog open>Finestra del browser</dialog><p>Dopo il modulo</p>` });
    await watched.body.getByText('Dopo il modulo').waitFor();
    for (const button of await watched.body.getByText(/Accedi|Esci|Invia/).all()) {
      await button.click({ timeout: 1_000 });
    }
    expect(await watched.body.locator('form, input, button, meta[http-equiv], dialog').count()).toBe(0);
    await watched.expectNothing();
  });

  test('styles stay in the frame, and what hides everything is answered by the text', async () => {
    const watched = await Watched.open('Ostile: stili', { text: 'Il testo nascosto si legge.', html: `
      <style>*{display:none!important}html,body{display:none!important;visibility:hidden}body{position:fixed;inset:0}.m_x,header,nav,#root{display:none!important}</style>
      <div style="display:none">nascosto</div>` });
    await watched.body.getByText('Il testo nascosto si legge.').waitFor();
    expect(await watched.body.locator('.smista-note').count()).toBe(1);
    expect(await watched.page.getByRole('navigation', { name: 'Sezioni' }).isVisible()).toBe(true);
    await watched.expectNothing();

    const over = await Watched.open('Ostile: sovrapposta', { html: `
      <div style="position:fixed;top:-2000px;left:-2000px;width:9000px;height:9000px;z-index:2147483647;background:red">Sessione scaduta: inserire la password</div>
      <div style="position:absolute;top:-500px">sopra</div><p style="margin-top:-900px;transform:translateY(-900px)">tirato su</p><p>Sotto la coperta</p>` });
    await over.body.getByText('Sotto la coperta').waitFor();
    const frame = (await over.page.locator('article iframe').boundingBox())!;
    const top = await over.page.evaluate(([x, y]) => document.elementFromPoint(x!, y!)?.tagName, [frame.x + 20, frame.y - 10]);
    expect(top).not.toBe('IFRAME');
    expect(await over.body.locator('body *').evaluateAll((all) => all.map((e) => getComputedStyle(e).position).filter((p) => p === 'fixed' || p === 'absolute'))).toEqual([]);
    await over.expectNothing();
  });

  test('links tell where they lead, and open a window that knows nothing of ours', async () => {
    const watched = await Watched.open('Ostile: collegamenti', { html: `
      <a href="${there}/furto">https://www.comune.borgoverde.it/pagopa</a> <a href="${there}/testo">Paga qui</a> <p><a href="data:text/html,<script>alert(1)</script>">dati</a></p>
      <a href="https://xn--80ak6aa92e.com/">аррӏе.com</a>` });
    const link = watched.body.getByRole('link', { name: /comune.borgoverde.it/ });
    await link.waitFor();
    expect([await link.getAttribute('rel'), await link.getAttribute('target')]).toEqual(['noopener noreferrer', '_blank']);
    await watched.body.locator('.smista-domain', { hasText: '127.0.0.1' }).first().waitFor();
    await watched.body.getByText(/xn--80ak6aa92e.com/).first().waitFor();
    expect(await watched.body.getByText('dati', { exact: true }).evaluate((e) => e.closest('a'))).toBeNull();
    await watched.expectNothing();
  });

  test('keys mean in the frame what they mean outside, and Esc leaves it', async () => {
    const watched = await Watched.open('Tasti nel messaggio', { html: '<p>Fare clic qui dentro</p>' });
    const { page } = watched;
    await watched.body.getByText('Fare clic qui dentro').click();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('IFRAME');
    await page.keyboard.press('a');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await watched.body.getByText('Fare clic qui dentro').click();
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('ARTICLE');
    await page.locator('article h2', { hasText: 'Tasti nel messaggio' }).waitFor(); // it is still read
    await watched.expectNothing();
  });

  test('what the cleaning might miss one day is stopped by the frame and its policy', async () => {
    await fetch(`${there}/alive`);
    expect(heard.splice(0)).toEqual(['GET /alive']); // it would hear
    await demo.send('Ostile: non pulita', 'Innocua.');
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    let dialogs = 0;
    page.on('dialog', (d) => {
      dialogs++;
      void d.dismiss();
    });
    await page.route(/\/body(\?|$)/, async (route) => { // the page with the headers that the server gave it, and all that a sender could wish for
      const { status, headers } = await fetch(route.request().url(), { headers: { Cookie: await demo.session(demo.person('Sara Bellini')), 'Sec-Fetch-Site': 'same-origin', Origin: demo.url } });
      expect([status, headers.get('content-security-policy')]).toEqual([200, expect.stringContaining('sandbox')]);
      await route.fulfill({ status, headers: Object.fromEntries(headers), body: `<!doctype html><html data-form="html" data-html="true" data-remote="never" data-remote-pictures="0"><head><base href="${there}/">
        <meta http-equiv=refresh content="0;url=${there}/refresh"><link rel=stylesheet href="${there}/l.css"><style>@import url(${there}/i.css);p{background:url(${there}/bg)}@font-face{font-family:f;src:url(${there}/f)}p{font-family:f}</style></head>
        <body onload="${own('onload')}"><script>${own('script')}</script><script src="${there}/s.js"></script><script src="/assets/own.js"></script><img src="${there}/img" onerror="${own('onerror')}">
        <img srcset="${there}/set 1x"><svg onload="${own('svg')}"><image href="${there}/svg"/></svg><iframe src="${there}/iframe"></iframe><iframe srcdoc="<script>${own('srcdoc')}</script>"></iframe>
        <object data="${there}/object"></object><embed src="${there}/embed"><video src="${there}/video" poster="${there}/poster"></video><form action="${there}/form" method=post><button>Invia</button></form>
        <form action="${there}/top" target=_top><button>Sopra</button></form><a href="javascript:${own('href')}">Esegui</a> <a href="${there}/self">Qui dentro</a> <a href="${there}/above" target=_top>Tutta la pagina</a><p>Non pulita</p></body></html>` });
    });
    await page.locator(rows, { hasText: 'Ostile: non pulita' }).click();
    const body = page.frameLocator('article iframe');
    await body.getByText('Non pulita').waitFor();
    for (const thing of ['Invia', 'Sopra', 'Esegui', 'Tutta la pagina', 'Qui dentro']) {
      await body.getByText(thing).click({ timeout: 5_000 });
      await page.waitForTimeout(200);
    }
    expect([heard.splice(0), dialogs, await page.evaluate(() => (globalThis as { owned?: unknown }).owned), new URL(page.url()).pathname]).toEqual([[], 0, undefined, '/desk']);
    await sara.leave();
  });

  test('messages in messages, six deep, are opened as far as is good, and do nothing', async () => {
    let inner: Letter = { html: `<p>Il più interno</p><script>${own('deep')}</script>` };
    for (let i = 6; i >= 1; i--) {
      const head = ['From: a@x.example', 'To: b@y.example', `Subject: Scatola ${i}`, 'Date: Mon, 02 Nov 2026 09:12:00 +0100', 'MIME-Version: 1.0'];
      inner = { html: `<p>Scatola numero ${i}</p><img src="${there}/deep${i}"><script>${own('nested')}</script>`, files: [{ name: `scatola${i}.eml`, type: 'message/rfc822', content: [...head, written(inner)].join('\r\n') }] };
    }
    const watched = await Watched.open('Ostile: scatole cinesi', inner);
    const { page } = watched;
    await page.locator('article').getByRole('button', { name: /^scatola1.eml/ }).click();
    const dialog = page.getByRole('dialog');
    for (let i = 1; i <= 5; i++) {
      await dialog.getByRole('heading', { name: `Scatola ${i}` }).waitFor();
      await dialog.frameLocator('iframe').getByText(`Scatola numero ${i + 1}`).waitFor();
      await dialog.getByRole('button', { name: new RegExp(`^scatola${i + 1}.eml`) }).click();
    }
    await dialog.getByText('Questo tipo di file non si può mostrare qui.').waitFor(); // too deep
    await watched.expectNothing();
  });

  test('ten megabytes of tags in tags, or of text, are answered by plain text', async () => {
    const watched = await Watched.open('Ostile: enorme', { text: 'La versione breve.', html: `${'<div><b>'.repeat(1_300_000)}x` });
    await watched.body.getByText('La versione breve.').waitFor();
    await watched.expectNothing();
    const alone = await Watched.open('Ostile: lunghissima', { html: `<p>Si comincia qui.</p>${'<p>Una riga come le altre.</p>'.repeat(360_000)}` });
    await alone.body.getByText('Il testo formattato è troppo grande per essere mostrato').waitFor();
    await alone.body.getByText('Si comincia qui.').waitFor();
    await alone.expectNothing();
  }, 240_000);
});
