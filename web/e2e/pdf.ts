// PDFs for tests, written by hand: many pages, scans in both compressions that need a
// decoder, a password, and one that tries to do something.

import { createHash, randomBytes } from 'node:crypto';

/** A PDF out of the bodies of its objects, from 1 on. A stream is what it holds and the rest of its dictionary. */
type Body = string | { dictionary: string; stream: Uint8Array };

function pdf(objects: Body[], trailer = '', encrypt = (_object: number, stream: Uint8Array): Uint8Array => stream): Buffer {
  const chunks = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  let at = chunks[0]!.length;
  const add = (bytes: Uint8Array): void => {
    chunks.push(Buffer.from(bytes));
    at += bytes.length;
  };
  const places = objects.map((body, i) => {
    const place = at;
    add(Buffer.from(`${i + 1} 0 obj\n`));
    if (typeof body === 'string') {
      add(Buffer.from(body, 'latin1'));
    } else {
      const stream = encrypt(i + 1, body.stream);
      add(Buffer.from(`<<${body.dictionary}/Length ${stream.length}>>\nstream\n`));
      add(stream);
      add(Buffer.from('\nendstream'));
    }
    add(Buffer.from('\nendobj\n'));
    return place;
  });
  const start = at;
  add(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((p) => `${String(p).padStart(10, '0')} 00000 n \n`).join('')}`));
  add(Buffer.from(`trailer\n<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF\n`, 'latin1'));
  return Buffer.concat(chunks);
}

const font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';
const lines = (text: string): { dictionary: string; stream: Uint8Array } => ({ dictionary: '', stream: Buffer.from(`BT /F1 24 Tf 72 720 Td (${text}) Tj ET`) });

/** Pages that say their number, and what a catalogue has besides. */
export function pages(count: number, { catalog = '', annotations = '' } = {}): Buffer {
  const kids = Array.from({ length: count }, (_, i) => `${4 + 2 * i} 0 R`).join(' ');
  return pdf([
    `<</Type/Catalog/Pages 2 0 R${catalog}>>`,
    `<</Type/Pages/Count ${count}/Kids[${kids}]/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>>>`,
    font,
    ...Array.from({ length: count }, (_, i): Body[] => [`<</Type/Page/Parent 2 0 R/Contents ${5 + 2 * i} 0 R${annotations && `/Annots[${annotations}]`}>>`, lines(`Pagina ${i + 1} della relazione`)]).flat(),
  ]);
}

/**
 * A big one, as programs write them: a tree of pages before what is on them. Each page has so
 * many bytes of comment, which no compression of a mail makes small.
 */
export function volume(branches: number, each: number, filler: number): Buffer {
  const count = branches * each;
  const [firstPage, firstText] = [4 + branches, 4 + branches + count];
  const from = (start: number, many: number): string => Array.from({ length: many }, (_, i) => `${start + i} 0 R`).join(' ');
  return pdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${count}/Kids[${from(4, branches)}]/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>>>`,
    font,
    ...Array.from({ length: branches }, (_, i) => `<</Type/Pages/Parent 2 0 R/Count ${each}/Kids[${from(firstPage + i * each, each)}]>>`),
    ...Array.from({ length: count }, (_, i) => `<</Type/Page/Parent ${4 + Math.floor(i / each)} 0 R/Contents ${firstText + i} 0 R>>`),
    ...Array.from({ length: count }, (_, i): Body => ({ dictionary: '', stream: Buffer.concat([lines(`Pagina ${i + 1} della relazione`).stream, Buffer.from(`\n%${randomBytes(filler).toString('base64url')}`)]) })),
  ]);
}

/** One that wants to run a script when it is opened, and has links that run, launch and send. */
export function hostile(outside: string): Buffer {
  const link = (y: number, action: string): string => `<</Type/Annot/Subtype/Link/Rect[72 ${y} 400 ${y + 40}]/A<<${action}>>>>`;
  return pages(1, {
    catalog: `/OpenAction<</S/JavaScript/JS(app.alert\\("aperto"\\); this.submitForm\\("${outside}/js"\\);)>>/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.launchURL\\("${outside}/names"\\))>>]>>>>`,
    annotations: [
      link(600, '/S/JavaScript/JS(app.alert\\(1\\))'), link(500, '/S/Launch/F(cmd.exe)'), link(400, `/S/SubmitForm/F<</FS/URL/F(${outside}/form)>>`), link(300, `/S/URI/URI(javascript:alert\\(1\\))`),
    ].join(''),
  });
}

/** A text in Chinese whose font is not in the file, by an encoding that needs a map of characters. */
export function chinese(text: string): Buffer {
  const codes = Buffer.from(text, 'utf16le').swap16().toString('hex');
  return pdf([
    '<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 1/Kids[4 0 R]/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>>>',
    '<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>',
    '<</Type/Page/Parent 2 0 R/Contents 5 0 R>>', { dictionary: '', stream: Buffer.from(`BT /F1 24 Tf 72 720 Td <${codes}> Tj ET`) },
    '<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R/DW 1000>>',
    '<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>',
  ]);
}

/** One whose table of places points nowhere, as a bad program or a bad line leaves it. */
export function unplaced(): Buffer {
  return Buffer.from(pages(2).toString('latin1').replace(/\d{10} 00000 n/g, '0000000001 00000 n').replace(/startxref\n\d+/, 'startxref\n99999999'), 'latin1');
}

/** A scan on a page: its left half black in JBIG2, or all grey in JPEG 2000. */
export function scan(compression: 'JBIG2' | 'JPX'): Buffer {
  const [filter, stream] = compression === 'JBIG2' ? ['JBIG2Decode', jbig2()] : ['JPXDecode', jpx()];
  return pdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</S 5 0 R>>>>>>',
    { dictionary: '', stream: Buffer.from('200 0 0 200 0 0 cm /S Do') },
    { dictionary: `/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent ${compression === 'JBIG2' ? 1 : 8}/Filter/${filter}`, stream },
  ]);
}

/** A page and one region of 64 by 64 in MMR (ITU T.88, T.6): each line has 32 black dots and 32 white ones. */
function jbig2(): Buffer {
  const segment = (number: number, type: number, data: Buffer): Buffer => {
    const head = Buffer.alloc(11);
    head.writeUInt32BE(number, 0);
    head[4] = type;
    head[6] = 1; // of page 1
    head.writeUInt32BE(data.length, 7);
    return Buffer.concat([head, data]);
  };
  const page = Buffer.alloc(19);
  page.writeUInt32BE(64, 0);
  page.writeUInt32BE(64, 4);
  const region = Buffer.alloc(18);
  region.writeUInt32BE(64, 0);
  region.writeUInt32BE(64, 4);
  region[17] = 1; // MMR
  // The first line: no white, 32 black, and to the end; the others are as the one above.
  const bits = `001${'00110101'}${'000001101010'}1${'111'.repeat(63)}${'000000000001'.repeat(2)}`;
  const coded = Buffer.from(bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g)!.map((b) => parseInt(b, 2)));
  return Buffer.concat([segment(0, 48, page), segment(1, 38, Buffer.concat([region, coded]))]);
}

/** A codestream (ITU T.800) of 64 by 64 whose only packet is empty: every dot is the middle grey. */
function jpx(): Buffer {
  const marker = (code: number, ...values: [value: number, bytes: number][]): Buffer => {
    const body = Buffer.concat(values.map(([value, bytes]) => {
      const b = Buffer.alloc(bytes);
      b.writeUIntBE(value, 0, bytes);
      return b;
    }));
    const head = Buffer.alloc(4);
    head.writeUInt16BE(code, 0);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([head, body]);
  };
  const code = (n: number): Buffer => Buffer.from([n >> 8, n & 255]);
  const packet = Buffer.from([0]);
  return Buffer.concat([
    code(0xff4f),
    marker(0xff51, [0, 2], [64, 4], [64, 4], [0, 4], [0, 4], [64, 4], [64, 4], [0, 4], [0, 4], [1, 2], [7, 1], [1, 1], [1, 1]), // size
    marker(0xff52, [0, 1], [0, 1], [1, 2], [0, 1], [0, 1], [4, 1], [4, 1], [0, 1], [1, 1]), // one layer, no decomposition
    marker(0xff5c, [0x40, 1], [8 << 3, 1]), // no quantisation
    marker(0xff90, [0, 2], [14 + packet.length, 4], [0, 1], [1, 1]), // the one tile
    code(0xff93), packet, code(0xffd9),
  ]);
}

/** One that asks for a password (RC4 of 40 bits: any reader knows it). */
export function locked(password: string): Buffer {
  const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
  const md5 = (...parts: Uint8Array[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();
  const padded = (text: string): Buffer => Buffer.concat([Buffer.from(text), padding]).subarray(0, 32);
  const id = md5(Buffer.from('id'));
  const owner = rc4(md5(padded('owner')).subarray(0, 5), padded(password));
  const key = md5(padded(password), owner, Buffer.from([0xfc, 0xff, 0xff, 0xff]), id).subarray(0, 5);
  const hex = (b: Uint8Array): string => `<${Buffer.from(b).toString('hex')}>`;
  return pdf(
    [
      '<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 1/Kids[4 0 R]/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>>>', font,
      '<</Type/Page/Parent 2 0 R/Contents 5 0 R>>', lines('Offerta economica'),
      `<</Filter/Standard/V 1/R 2/P -4/O ${hex(owner)}/U ${hex(rc4(key, padding))}>>`,
    ],
    `/Encrypt 6 0 R/ID[${hex(id)}${hex(id)}]`,
    (object, stream) => rc4(md5(key, Buffer.from([object & 255, object >> 8, 0, 0, 0])).subarray(0, 10), stream),
  );
}

function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const s = Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + s[i]! + key[i % key.length]!) & 255;
    [s[i], s[j]] = [s[j]!, s[i]!];
  }
  let i = 0;
  let j = 0;
  return Buffer.from(data.map((byte) => {
    i = (i + 1) & 255;
    j = (j + s[i]!) & 255;
    [s[i], s[j]] = [s[j]!, s[i]!];
    return byte ^ s[(s[i]! + s[j]!) & 255]!;
  }));
}
