import { getSchema } from '@tiptap/core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { htmlOf, textOf } from './html';
import { cleaned } from './paste';
import { extensions } from './schema';

const clipboard = (of: string): string => readFileSync(join(import.meta.dirname, 'clipboard', `${of}.html`), 'utf8');
const schema = getSchema(extensions(() => undefined));
const nobody = (): boolean => false;
/** What a mail says after pasting, without what stands around all of it. */
const mailOf = (html: string): string => htmlOf(textOf(html, schema)).replace(/^<div[^>]*>|<\/div>$/g, '');

test('Word: lists of levels are lists, a list goes on with its number, tables, links, bold and colours stay', () => {
  const { html, left } = cleaned(clipboard('word'), nobody);
  expect(html).not.toMatch(/mso|Mso|class=|o:p|lang=|<!--|·|supportLists/);
  const mail = mailOf(html);
  expect(mail).toMatch(/<strong>integrare<\/strong> entro <span style="color: red;?">30 giorni<\/span>/);
  expect(mail).toMatch(/<span style="background-color: yellow;?">documentazione<\/span>/);
  expect(mail).toMatch(/<a [^>]*href="https:\/\/www\.comune\.example\/suap">il sito<\/a>/);
  const lists = mail.replaceAll(/<p[^>]*>|<\/p>| style="[^"]*"/g, '');
  expect(lists).toContain('<ul><li>planimetria<ul><li>in scala <em>1:100</em></li></ul></li><li>relazione</li></ul>');
  expect(lists).toContain('<ol start="3"><li>versare i diritti</li><li>firmare</li></ol>');
  expect(mail).toMatch(/<table border="1"[^>]*>.*<strong>Foglio<\/strong>.*background-color: (#D9E2F3|rgb\(217, 226, 243\)).*text-align: right[^>]*>12</is);
  expect(left, 'a picture that Word left on its own disk').toBe(1);
});

test('Excel: cells keep their lines, colours, weight and side', () => {
  const mail = mailOf(cleaned(clipboard('excel'), nobody).html);
  expect(mail).not.toMatch(/mso|xl6|class=|<col|width:/);
  expect(mail.match(/<tr>/g)).toHaveLength(3);
  expect(mail.match(/<td [^>]*border: 1px solid gray/g)).toHaveLength(5);
  expect(mail).toMatch(/background-color: (#1F4E78|rgb\(31, 78, 120\))[^>]*><p[^>]*text-align: center[^>]*><span style="color: white;?"><strong>Voce<\/strong>/i);
  expect(mail).toMatch(/text-align: right[^>]*><span style="color: (#C00000|rgb\(192, 0, 0\));?">1\.234,50/i);
  expect(mail).toContain('TARI &amp; IMU');
});

test('Outlook: lines are paragraphs, numbers go on, pictures from elsewhere are left, nothing runs', () => {
  const { html, left, pictures } = cleaned(clipboard('outlook'), nobody);
  expect(html).not.toMatch(/script|onclick|javascript|https:\/\/tracker/);
  expect(left).toBe(1);
  expect(pictures.map((p) => p.picture.type)).toEqual(['image/png']);
  const mail = mailOf(html);
  expect(mail).toMatch(/Gentile dottoressa,<\/p><p[^>]*><br><\/p><p[^>]*text-align: center/);
  expect(mail).toContain('<strong>AVVISO</strong>');
  expect(mail).toMatch(/<ol [^>]*start="2"><li><p[^>]*>secondo<\/p><\/li><li><p[^>]*>terzo qui/);
  expect(mail).toContain(`src="cid:${pictures[0]!.cid}"`);
});

test('own pictures are pasted again as what they are', () => {
  const own = '<p data-pm-slice="1 1 []">Ecco <img src="/api/v1/x" data-cid="a@smista" alt="Logo"></p>';
  expect(cleaned(own, (cid) => cid === 'a@smista')).toMatchObject({ left: 0, pictures: [] });
  expect(cleaned(own, (cid) => cid === 'a@smista').html).toContain('data-cid="a@smista"');
  expect(cleaned(own, (cid) => cid === 'a@smista').html).toContain('data-pm-slice');
  expect(cleaned(own, nobody).left).toBe(1);
});

test('what was written is read again as the same text', () => {
  const mail = htmlOf(textOf(cleaned(clipboard('word'), nobody).html + cleaned(clipboard('excel'), nobody).html, schema));
  expect(textOf(mail, schema).eq(textOf(htmlOf(textOf(mail, schema)), schema))).toBe(true);
  expect(htmlOf(textOf(mail, schema))).toBe(mail);
});

test('a mail of ours has no classes, and old markup of others stays readable', () => {
  const mail = mailOf('<p></p><p align=right>A destra</p><center>In mezzo</center><blockquote type="cite"><div><font color="#ff0000" size="5">Rosso</font></div>'
    + '<table border=0><tr><td bgcolor="#eeeeee">senza righe</td></tr></table>m<sup>2</sup></blockquote>');
  expect(mail).not.toContain('class=');
  expect(mail).toMatch(/^<p[^>]*><br><\/p><p style="[^"]*text-align: right;?">A destra<\/p><p[^>]*text-align: center;?">In mezzo/);
  expect(mail).toMatch(/<span style="color: (#ff0000|rgb\(255, 0, 0\)); font-size: 18pt;?">Rosso/);
  expect(mail).toMatch(/<table border="0"/);
  expect(mail).not.toMatch(/1px solid/);
  expect(mail).toContain('m<sup>2</sup>');
});
