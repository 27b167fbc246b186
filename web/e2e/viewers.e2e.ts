import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, phone, Visitor } from './browser';
import { Demo, written } from './demo';
import { chinese, hostile, locked, pages, scan, unplaced, volume } from './pdf';

const rows = '[role=grid] [role=row]';

/** A picture of 300 by 200 dots (PNG), grey above and blue below. */
function picture(): Buffer {
  const [width, height] = [300, 200];
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    let crc = ~0;
    for (const byte of body) {
      crc ^= byte;
      for (let k = 0; k < 8; k++) {
        crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
      }
    }
    frame.writeUInt32BE(~crc >>> 0, 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const dots = Buffer.concat(Array.from({ length: height }, (_, y) => Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, y < height / 2 ? Buffer.from([160, 160, 160]) : Buffer.from([0, 90, 180]))])));
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(dots)), chunk('IEND', Buffer.alloc(0))]);
}

/** What a zip of one file begins with, as one made to burst does. */
function zipped(deflated: Buffer): Buffer {
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04', 'latin1');
  head.writeUInt16LE(8, 8);
  return Buffer.concat([head, deflated.subarray(2, -4)]);
}

/** The names in a zip file, as its list at the end has them. */
function namesIn(zip: Buffer): string[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const names: string[] = [];
  for (let i = 0, at = zip.readUInt32LE(end + 16); i < zip.readUInt16LE(end + 10); i++) {
    const [name, extra, comment] = [28, 30, 32].map((o) => zip.readUInt16LE(at + o)) as [number, number, number];
    names.push(zip.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}

const nested = ['From: Ufficio Viabilita <viabilita@provincia.example>', 'To: anna.morandi@pec.cittadini.example', 'Subject: Parere della Provincia', 'Date: Mon, 02 Nov 2026 09:12:00 +0100', 'MIME-Version: 1.0',
  written({ html: '<p>Parere <b>favorevole</b> con prescrizioni.</p>', files: [{ name: 'prescrizioni.txt', type: 'text/plain', content: 'Larghezza minima: 3,50 m' }] })].join('\r\n');

describe.skipIf(missing)(`attachments in place (${missing || 'in Chromium'})`, () => {
  let demo: Demo;
  let browser: Browser;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([Demo.start(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const read = async (page: Page, subject: string): Promise<void> => {
    const row = page.locator(rows, { hasText: subject });
    await row.click();
    await page.locator('article', { hasText: subject }).waitFor();
  };
  /** How dark a place of the drawn page is, from 0 to 1 of its width. */
  const shade = (page: Page, x: number): Promise<number> => page.locator('.pdfViewer canvas').first().evaluate((canvas, at) => {
    const { width, height } = canvas as HTMLCanvasElement;
    return (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(Math.floor(width * at), Math.floor(height / 2), 1, 1).data[0]!;
  }, x);

  test('a PEC with a PDF, a picture, a table, a text and a message is read by keyboard alone', async () => {
    await demo.send('Relazione con allegati', { text: 'Si veda quanto allegato.', files: [
      { name: 'Relazione tecnica.pdf', type: 'application/pdf', content: pages(3) },
      { name: 'Foto del cantiere.png', type: 'image/png', content: picture() },
      { name: 'Elenco spese.csv', type: 'text/csv', content: 'Voce;Importo\r\nScavi;"1.250,00"\r\nPosa;800,00\r\n' },
      { name: 'Nota.txt', type: 'text/plain', content: Buffer.from('Perché la strada è chiusa', 'latin1') },
      { name: 'Parere.eml', type: 'message/rfc822', content: nested },
      { name: 'Disegni.dwg', type: 'image/vnd.dwg', content: Buffer.from([65, 67, 0, 1, 2, 3]) },
    ] });
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await page.locator(rows, { hasText: 'Relazione con allegati' }).waitFor();
    await page.locator('[role=grid]').focus();
    await page.keyboard.press('Home');
    await page.frameLocator('article iframe').getByText('Si veda quanto allegato.').waitFor();
    const first = page.getByRole('button', { name: /Relazione tecnica.pdf/ });
    for (let i = 0; i < 40 && !(await first.evaluate((e) => e === document.activeElement)); i++) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Pagina 1 della relazione').waitFor();
    await dialog.getByText('Allegato 1 di 6').waitFor();
    await sara.check('viewer-pdf');

    await page.keyboard.press('/');
    await page.keyboard.type('relazione');
    await page.keyboard.press('Enter');
    await dialog.getByText('1 di 3', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByText('2 di 3', { exact: true }).waitFor();
    await page.keyboard.press('Escape'); // from the field to the pages
    const scale = dialog.getByText(/^\d+%$/);
    const before = await scale.textContent();
    await page.keyboard.press('+');
    await expect.poll(() => scale.textContent()).not.toBe(before);
    await page.keyboard.press('r');
    await page.locator('.page[data-page-number="1"] [data-main-rotation="90"]').first().waitFor({ state: 'attached' });
    const printed = page.evaluate(() => new Promise<number>((done) => {
      globalThis.print = () => done(document.querySelectorAll('body > div > img').length);
    }));
    await dialog.getByRole('button', { name: 'Stampa' }).press('Enter');
    expect(await printed).toBe(3); // pages
    await page.keyboard.press('j'); // what is underneath hears nothing
    expect(await page.locator('article h2').textContent()).toBe('Relazione con allegati');

    await page.keyboard.press('n');
    const shown = dialog.getByRole('img', { name: 'Immagine: Foto del cantiere.png' });
    await shown.waitFor();
    await expect.poll(() => shown.evaluate((i) => (i as HTMLImageElement).naturalWidth)).toBe(300);
    await page.keyboard.press('+');
    await expect.poll(() => scale.textContent()).toBe('125%');
    await page.keyboard.press('0');
    await expect.poll(() => scale.textContent()).toBe('100%');
    await page.mouse.move(700, 500);
    await page.keyboard.down('Control'); // as a pinch on a touchpad comes
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await expect.poll(() => scale.textContent()).toBe('165%');
    await sara.check('viewer-picture');

    await page.keyboard.press('n');
    await dialog.getByRole('cell', { name: '1.250,00' }).waitFor();
    await dialog.getByText('2 righe').waitFor();
    await sara.check('viewer-table');
    await page.keyboard.press('n');
    await dialog.getByText('Perché la strada è chiusa').waitFor();
    await sara.check('viewer-text');

    await page.keyboard.press('n');
    await dialog.getByRole('heading', { name: 'Parere della Provincia' }).waitFor();
    await dialog.frameLocator('iframe').getByText('favorevole').waitFor();
    await sara.check('viewer-message');
    await dialog.getByRole('button', { name: /^prescrizioni.txt/ }).press('Enter');
    await dialog.getByText('Larghezza minima: 3,50 m').waitFor();
    await dialog.getByText('Allegato 1 di 1').waitFor();
    await page.keyboard.press('Escape');
    await dialog.getByRole('heading', { name: 'Parere della Provincia' }).waitFor();
    await dialog.getByText('Allegato 5 di 6').waitFor();

    await page.keyboard.press('n');
    await dialog.getByText('Questo tipo di file non si può mostrare qui.').waitFor();
    await sara.check('viewer-unknown');
    await page.keyboard.press('n'); // there is none
    await page.keyboard.press('p');
    await dialog.getByText('Allegato 5 di 6').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await first.evaluate((e) => e === document.activeElement)).toBe(true);
    expect(sara.wrongs).toEqual([]);
    await sara.leave();
  });

  test('scans in JBIG2 and JPEG 2000 are seen, with a decoder of our own', async () => {
    await demo.send('Documenti scanditi', { text: 'Due scansioni.', files: [
      { name: 'jbig2.pdf', type: 'application/pdf', content: scan('JBIG2') }, { name: 'jpeg2000.pdf', type: 'application/pdf', content: scan('JPX') },
    ] });
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await read(page, 'Documenti scanditi');
    const fetched: string[] = [];
    page.on('response', (r) => fetched.push(`${r.status()} ${new URL(r.url()).pathname.split('/').pop()}`));
    await page.getByRole('button', { name: /^jbig2.pdf/ }).click();
    await page.locator('.pdfViewer canvas').first().waitFor();
    await expect.poll(() => shade(page, 0.25)).toBeLessThan(20);
    expect(await shade(page, 0.75)).toBeGreaterThan(235);
    await page.keyboard.press('n');
    await page.getByText('Allegato 2 di 2').waitFor();
    await page.locator('.pdfViewer canvas').first().waitFor();
    await expect.poll(async () => Math.abs((await shade(page, 0.5)) - 128)).toBeLessThan(6);
    expect(fetched).toContain('200 jbig2.wasm');
    expect(fetched).toContain('200 openjpeg.wasm');
    expect(sara.wrongs).toEqual([]);
    await sara.leave();
  });

  test('a password is asked for, and what is broken says so', async () => {
    await demo.send('Offerta protetta', { text: 'La password a parte.', files: [
      { name: 'offerta.pdf', type: 'application/pdf', content: locked('segreta') },
      { name: 'rotto.pdf', type: 'application/pdf', content: '%PDF-1.7\nniente di buono' },
    ] });
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await read(page, 'Offerta protetta');
    await page.getByRole('button', { name: /^offerta.pdf/ }).click();
    const dialog = page.getByRole('dialog');
    const field = dialog.getByLabel('Password del documento', { exact: true });
    await field.fill('sbagliata');
    await page.keyboard.press('Enter');
    await dialog.getByText('Non è questa la password.').waitFor();
    await sara.check('viewer-password');
    await field.fill('segreta');
    await page.keyboard.press('Enter');
    await dialog.getByText('Offerta economica').waitFor();
    await page.keyboard.press('n');
    await dialog.getByText('Questo PDF è danneggiato').waitFor();
    await sara.check('viewer-broken');
    await sara.leave();
  });

  test('a PDF without its fonts, one without its table of places, and archives made to burst are read, or say what they are', async () => {
    const burst = deflateSync(Buffer.alloc(40_000_000));
    await demo.send('Documenti strani', { text: 'Quattro file strani.', files: [
      { name: 'contratto.pdf', type: 'application/pdf', content: chinese('合同') }, { name: 'senza indice.pdf', type: 'application/pdf', content: unplaced() },
      { name: 'bomba.zip', type: 'application/zip', content: zipped(burst) }, { name: 'bomba.docx', type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', content: zipped(burst) },
    ] });
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await read(page, 'Documenti strani');
    const fetched: string[] = [];
    page.on('response', (r) => fetched.push(`${r.status()} ${new URL(r.url()).pathname.split('/').pop()}`));
    await page.getByRole('button', { name: /^contratto.pdf/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('.textLayer', { hasText: '合同' }).waitFor();
    expect(fetched).toContain('200 UniGB-UCS2-H.bcmap');
    await page.keyboard.press('n');
    await dialog.getByText('Pagina 1 della relazione').waitFor();
    const wide = (): Promise<number> => page.locator('.pdfViewer .page').first().evaluate((e) => e.clientWidth);
    await page.keyboard.press('0'); // as wide as the window
    await expect.poll(wide).toBeGreaterThan(1_200);
    await page.keyboard.press('0'); // as a whole page
    await expect.poll(wide).toBeLessThan(700);
    await dialog.getByText('Pagina 1 della relazione').selectText();
    expect(await page.evaluate(() => getSelection()?.toString())).toContain('Pagina 1 della relazione');
    await dialog.getByRole('button', { name: 'Pagina successiva' }).click();
    await expect.poll(() => dialog.getByRole('textbox', { name: 'Pagina', exact: true }).inputValue()).toBe('2');
    await dialog.getByText('di 2', { exact: true }).waitFor();
    for (const name of ['bomba.zip', 'bomba.docx']) {
      await page.keyboard.press('n');
      await dialog.getByRole('heading', { name }).waitFor();
      await dialog.getByText('Questo tipo di file non si può mostrare qui.').waitFor();
    }
    expect(sara.wrongs).toEqual([]);
    await sara.leave();
  });

  test('nothing that a PDF wants to do is done', async () => {
    await demo.send('PDF ostile', { text: 'Aprire subito.', files: [{ name: 'ostile.pdf', type: 'application/pdf', content: hostile('http://127.0.0.9:1') }] });
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    let dialogs = 0;
    page.on('dialog', (d) => {
      dialogs++;
      void d.dismiss();
    });
    await read(page, 'PDF ostile');
    const address = page.url();
    await page.getByRole('button', { name: /^ostile.pdf/ }).click();
    await page.getByText('Pagina 1 della relazione').waitFor();
    await page.locator('.annotationLayer').waitFor({ state: 'attached' });
    const box = (await page.locator('.pdfViewer .page').boundingBox())!;
    for (const y of [620, 520, 420, 320]) {
      await page.mouse.click(box.x + (box.width * 200) / 595, box.y + box.height * (1 - y / 842));
    }
    await page.waitForTimeout(500);
    expect([dialogs, page.url(), page.context().pages().length]).toEqual([0, address, 1]);
    expect(sara.wrongs).toEqual([]);
    await sara.leave();
  });

  test('of 500 pages a few are read and drawn, also on a phone', async () => {
    const plan = volume(20, 25, 4_000);
    await demo.send('Piano di 500 pagine', { text: 'Tutto il piano.', files: [{ name: 'piano.pdf', type: 'application/pdf', content: plan }] });
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk', phone);
    const { page } = sara;
    let read = 0;
    page.on('response', (response) => {
      if (response.url().includes('/attachments/')) {
        expect(response.status()).toBe(206);
        read += Number(response.headers()['content-length']);
      }
    });
    await page.locator(rows, { hasText: 'Piano di 500 pagine' }).tap();
    await page.getByRole('button', { name: /^piano.pdf/ }).tap();
    await page.getByText('Pagina 1 della relazione').waitFor();
    await page.getByText('di 500', { exact: true }).waitFor();
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(plan.length / 2);
    const field = page.getByRole('textbox', { name: 'Pagina', exact: true });
    await field.fill('400');
    await field.press('Enter');
    await page.getByText('Pagina 400 della relazione').waitFor();
    expect(await page.locator('.pdfViewer canvas').count()).toBeLessThanOrEqual(12);
    const wide = (): Promise<number> => page.locator('.pdfViewer .page').first().evaluate((e) => e.clientWidth);
    const fitting = await wide();
    for (const grown of [true, false]) { // a double tap makes it larger, and the next one makes it fit
      await page.touchscreen.tap(180, 450);
      await page.touchscreen.tap(180, 450);
      await expect.poll(async () => (await wide()) > fitting * 1.5).toBe(grown);
      await page.waitForTimeout(400);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await sara.check('phone-viewer-pdf');
    await sara.leave();
  });

  test('a message is shown as HTML, as text and as written, in the dark on white unless it is inverted', async () => {
    await demo.send('In tre modi', { text: 'Versione di solo testo.', html: '<p style="color:#222">Versione <b>HTML</b>. <img src="cid:logo"></p>', files: [
      { name: 'logo.png', type: 'image/png', content: picture(), id: 'logo' }, { name: 'chiamato inline.pdf', type: 'application/pdf', content: pages(1), id: 'pdf' },
    ] });
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
    const { page } = sara;
    await read(page, 'In tre modi');
    const body = page.frameLocator('article iframe');
    await body.getByText('Versione HTML.').waitFor();
    expect(await body.locator('html').evaluate((e) => getComputedStyle(e).backgroundColor)).toBe('rgb(255, 255, 255)');
    await page.getByRole('button', { name: /^chiamato inline.pdf/ }).waitFor(); // no text shows it
    expect(await page.getByRole('button', { name: /^logo.png/ }).isVisible()).toBe(false);
    await page.getByText('Immagini nel testo (1)').click();
    await page.getByRole('button', { name: /^logo.png/ }).waitFor();
    await sara.check('message-dark');
    await page.getByRole('checkbox', { name: 'Colori invertiti' }).press('Space');
    expect(await page.locator('article iframe').evaluate((e) => getComputedStyle(e).filter)).toContain('invert(1)');
    await page.getByText('Solo testo').click();
    await body.getByText('Versione di solo testo.').waitFor();
    await page.getByText('Originale', { exact: true }).click();
    await page.locator('article pre', { hasText: 'X-Trasporto: posta-certificata' }).waitFor();
    await sara.check('message-source');
    await sara.leave();
  });

  test('what is doubtful says why, above its text', async () => {
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await page.getByRole('button', { name: /Anomalie e dubbi/ }).click();
    await page.locator(rows, { hasText: 'Imitazione' }).first().click();
    const note = page.locator('article').getByRole('note', { name: 'Imitazione di una PEC' });
    await note.getByText('nessun gestore l’ha firmata').waitFor();
    await note.getByText('L’oggetto comincia come quello di una PEC.').waitFor();
    await sara.check('message-imitation');
    await sara.leave();
  });

  test('a case is printed with what identifies it, its texts, attachments and receipts', async () => {
    const sara = demo.person('Sara Bellini');
    interface Found { cases: { nodes: { number: string; messages: { nodes: { kind: string; direction: string; identifier: string; original: { sha256: string } }[] } }[] } }
    let sent: Found['cases']['nodes'][number] | undefined;
    await expect.poll(async () => {
      const { cases } = await demo.ask<Found>(sara, '{ cases(first: 100) { nodes { number messages(first: 10) { nodes { kind direction identifier original { sha256 } } } } } }');
      sent = cases.nodes.find((c) => c.messages.nodes.some((m) => m.direction === 'OUTGOING') && c.messages.nodes.some((m) => m.kind === 'DELIVERY'));
      return sent;
    }, { timeout: 20_000 }).toBeDefined();
    const { number, messages: { nodes } } = sent!;
    const visitor = await Visitor.enter(browser, demo, 'Sara Bellini', `/cases/${number}`);
    const { page } = visitor;
    await page.locator('article').first().waitFor();
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: `Pratica ${number}`, level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Ricevute', level: 3 }).first().waitFor();
    await visitor.check('print');
    const paper = await getDocument({ data: new Uint8Array(await page.pdf({ tagged: true, outline: true, preferCSSPageSize: true })), verbosity: 0 }).promise;
    let text = '';
    for (let n = 1; n <= paper.numPages; n++) {
      const { items } = await (await paper.getPage(n)).getTextContent();
      text += items.map((i) => ('str' in i ? i.str : '')).join('') + '\n';
      expect(text).toContain(`${n} / ${paper.numPages}`);
    }
    const said = text.replace(/\s/g, '');
    for (const m of nodes) {
      expect(said).toContain(m.original.sha256);
      expect(said).toContain(m.identifier);
    }
    for (const words of [`Pratica ${number}`, 'Ricevuta di accettazione', 'Ricevuta di avvenuta consegna', 'GMT+1', 'Testo', 'Allegati', 'Stampata']) {
      expect(said).toContain(words.replace(/\s/g, ''));
    }
    expect(said).not.toContain('Smistamento'); // the navigation
    const { width, height } = (await paper.getPage(1)).getViewport({ scale: 1 });
    expect([Math.round(width), Math.round(height)]).toEqual([595, 842]);
    expect((await paper.getMarkInfo())?.Marked).toBe(true);
    expect((await paper.getOutline()).map((o) => o.title)).toContain(`Pratica ${number}`);
    expect(await (await paper.getPage(1)).getStructTree()).not.toBeNull();
    expect((await paper.getMetadata()).info).toMatchObject({ Language: 'it', Title: `Pratica ${number.replace('/', '-')}` });
    await visitor.leave();
  });

  test('with attachments each of them is printed on pages of its own, and a case is downloaded whole', async () => {
    await demo.send('Stampa con allegati', { text: 'Si allega tutto.', files: [
      { name: 'Relazione.pdf', type: 'application/pdf', content: pages(3) }, { name: 'Foto.png', type: 'image/png', content: picture() },
      { name: 'Spese.csv', type: 'text/csv', content: 'Voce;Importo\r\nScavi;"1.250,00"\r\n' }, { name: 'Nota.txt', type: 'text/plain', content: 'Nota a margine' },
      { name: 'Parere.eml', type: 'message/rfc822', content: nested }, { name: 'Disegni.dwg', type: 'image/vnd.dwg', content: Buffer.from([65, 67, 0, 1, 2, 3]) },
      { name: 'Offerta.pdf', type: 'application/pdf', content: locked('segreta') }, { name: 'Rotto.pdf', type: 'application/pdf', content: '%PDF-1.7\nniente' },
    ] });
    const sara = await Visitor.enter(browser, demo, 'Sara Bellini', '/desk');
    const { page } = sara;
    await read(page, 'Stampa con allegati');
    await page.getByRole('button', { name: 'Stampa', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Con gli allegati' }).click();
    await page.getByRole('heading', { name: 'Allegato 1.8: Rotto.pdf' }).waitFor();
    await page.getByText('Questo file è danneggiato').waitFor();
    await sara.check('print-attachments');
    const paper = await getDocument({ data: new Uint8Array(await page.pdf({ tagged: true, preferCSSPageSize: true })), verbosity: 0 }).promise;
    const said: string[] = [];
    for (let n = 1; n <= paper.numPages; n++) {
      said.push((await (await paper.getPage(n)).getTextContent()).items.map((i) => ('str' in i ? i.str : '')).join('').replace(/\s/g, ''));
    }
    const starts = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => said.findIndex((s) => s.includes(`Allegato1.${n}:`)));
    expect(new Set(starts).size).toBe(8);
    expect(starts[1]! - starts[0]!).toBe(3); // pages of the PDF
    const content = createHash('sha256').update('Nota a margine').digest('hex');
    expect(said[starts[3]!]).toContain(content);
    for (const [at, words] of [[2, '1.250,00'], [3, 'Notaamargine'], [4, 'PareredellaProvincia'], [5, 'nonsipuòstampare'], [6, 'password'], [7, 'danneggiato']] as const) {
      expect(said[starts[at]!]).toContain(words);
    }

    const link = page.getByRole('link', { name: 'Scarica il fascicolo' });
    const [folder] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(folder.suggestedFilename()).toMatch(/^Pratica \d{4}-\d+\.zip$/);
    const names = namesIn(readFileSync(await folder.path()));
    expect(names.filter((n) => /^001 .* in arrivo\/allegati\//.test(n)).length).toBe(8);
    expect(names).toEqual(expect.arrayContaining([expect.stringMatching(/^001 .*\/originale\.eml$/), 'indice.html', 'index.html', 'SHA256SUMS.txt']));
    await page.getByRole('link', { name: 'Torna alla pratica' }).click();
    await page.getByRole('button', { name: /^Comandi della pratica/ }).click();
    const [again] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Scarica il fascicolo' }).click()]);
    expect(namesIn(readFileSync(await again.path()))).toEqual(names);
    expect(sara.wrongs).toEqual([]);
    await sara.leave();
  });
});
