// Mail of days gone by: put into a mailbox with the date that it should have, so that
// its case is late from the start.

import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import type { Demo } from './demo';

export async function putOldMail(demo: Demo, to: string, subject: string, day: Date, id: string = crypto.randomUUID()): Promise<void> {
  const { imap, password } = demo.where.provider as unknown as { imap: string; password: string };
  const [host, port] = imap.split(':') as [string, string];
  const mail = [
    'From: Anna Verdi <anna@posta.example>', 'To: Comune <protocollo@pec.comune.borgoverde.example>', `Subject: ${subject}`, `Message-ID: <${id}@posta.example>`, `Date: ${day.toUTCString()}`,
    'Content-Type: text/plain; charset=utf-8', '', 'Buongiorno.', '',
  ].join('\r\n');
  const [, date, month, year] = day.toUTCString().split(' '); // Sat, 03 Oct 2026 07:00:00 GMT
  const socket = createConnection({ host, port: Number(port) });
  try {
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    const hear = async (start: string): Promise<void> => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done || /^\w+ (NO|BAD)/.test(value)) {
          throw new Error(`the provider said ${value}`);
        }
        if (value.startsWith(start)) {
          return;
        }
      }
    };
    await hear('* OK');
    for (const [say, heard] of [
      [`a LOGIN "${to}" "${password}"`, 'a OK'], [`b APPEND INBOX "${date}-${month}-${year} 09:00:00 +0000" {${Buffer.byteLength(mail)}}`, '+'], [mail, 'b OK'], ['c LOGOUT', 'c OK'],
    ] as const) {
      socket.write(`${say}\r\n`);
      await hear(heard);
    }
  } finally {
    socket.destroy();
  }
}
