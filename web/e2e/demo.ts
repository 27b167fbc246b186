// A town hall of its own for a file of tests: `smista demo` in a new folder, quiet
// but for what the test does.

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = process.env['SMISTA_PROGRAM'] ?? join(import.meta.dirname, '../../bin/smista');

interface Person {
  name: string;
  role: string;
  email: string;
  password: string;
  offices: string[];
}

/** What a PEC says and brings along; HTML alone when there is no text. */
export interface Letter {
  text?: string;
  html?: string;
  files?: readonly { name: string; type: string; content: string | Uint8Array; id?: string }[];
}

interface Where {
  http: string;
  people: Person[];
  provider: { smtp: string; control: string; password: string };
}

export class Demo {
  #process: ChildProcess | undefined;
  #folder = mkdtempSync(join(tmpdir(), 'smista-e2e-'));
  #addr = '127.0.0.1:0';
  where!: Where;

  /** Starts it and waits until the hundred PECs of its beginning are there. */
  static async start(): Promise<Demo> {
    const demo = new Demo();
    await demo.restart();
    return demo;
  }

  get url(): string {
    return this.where.http;
  }

  /** The first person of a role, or the one with a name. */
  person(roleOrName: string): Person {
    const found = this.where.people.find((p) => p.name === roleOrName) ?? this.where.people.find((p) => p.role === roleOrName);
    if (!found) {
      throw new Error(`the town hall has no ${roleOrName}`);
    }
    return found;
  }

  /** Starts it, at the same address when it ran before; `how` is what it is told besides. */
  async restart(...how: string[]): Promise<void> {
    const file = join(this.#folder, 'demo.json');
    rmSync(file, { force: true });
    const log = join(this.#folder, 'demo.log');
    const out = openSync(log, 'w');
    const running = (this.#process = spawn(program, ['demo', '--addr', this.#addr, '--data', this.#folder, '--every', '24h', ...how], { stdio: ['ignore', out, out] }));
    closeSync(out);
    running.once('exit', (code, signal) => {
      if (this.#process === running) { // nobody asked it to
        console.error(`smista demo ended (${code ?? signal}): ${readFileSync(log, 'utf8').slice(-4000)}`);
      }
    });
    await until('smista demo', () => {
      if (running.exitCode !== null) {
        throw new Error(`smista demo ended: ${readFileSync(log, 'utf8')}`);
      }
      return existsSync(file);
    });
    this.where = JSON.parse(readFileSync(file, 'utf8')) as Where;
    this.#addr = new URL(this.where.http).host;
    await until('the pages', async () => (await fetch(`${this.url}/readyz`).catch(() => null))?.ok === true);
    let before = -1;
    await until('the mail of the beginning', async () => { // all of it: what came later would stand above what a test sends
      const now = await this.#count();
      const isAll = now >= 60 && now === before;
      before = now;
      if (!isAll) {
        await new Promise((done) => setTimeout(done, 1_500));
      }
      return isAll;
    });
  }

  /** Kills it as a machine that fails does. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running && running.exitCode === null && running.signalCode === null) {
      const gone = new Promise((done) => running.once('exit', done));
      running.kill('SIGKILL');
      await gone;
    }
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Asks the API as somebody, by a session. */
  async ask<T>(person: Person, query: string, variables: object = {}): Promise<T> {
    const cookie = await this.session(person);
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json', Cookie: cookie, Origin: this.url }, body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data?: T; errors?: unknown };
    if (!answer.data) {
      throw new Error(JSON.stringify(answer.errors));
    }
    return answer.data;
  }

  /** Tells the provider something, for instance to misbehave (docs/provider.md). */
  async provider<T = unknown>(method: string, path: string, said?: object): Promise<T> {
    const response = await fetch(`${this.where.provider.control}/${path}`, { method, body: said ? JSON.stringify(said) : null });
    if (!response.ok) {
      throw new Error(`the provider refuses ${path}: ${await response.text()}`);
    }
    return (await response.json()) as T;
  }

  #sessions = new Map<string, string>();

  /** The cookie of a new session. */
  async session(person: Person): Promise<string> {
    const kept = this.#sessions.get(person.email);
    if (kept) {
      return kept;
    }
    const response = await fetch(`${this.url}/api/v1/session`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json', Origin: this.url }, body: JSON.stringify({ email: person.email, password: person.password }),
    });
    const cookie = response.headers.get('set-cookie')?.split(';')[0];
    if (!response.ok || !cookie) {
      throw new Error(`${person.email} cannot sign in: ${response.status}`);
    }
    this.#sessions.set(person.email, cookie);
    return cookie;
  }

  async #count(): Promise<number> {
    const { caseCount } = await this.ask<{ caseCount: number }>(this.person('sorter'), '{ caseCount }');
    return caseCount;
  }

  /** Sends a PEC into the town hall: one that no rule knows, which goes to the desk. */
  async send(subject: string, letter: string | Letter = 'Buongiorno.', to = 'protocollo@pec.comune.borgoverde.example'): Promise<void> {
    const from = 'anna.morandi@pec.cittadini.example';
    const { smtp, password } = this.where.provider;
    const [host, port] = smtp.split(':') as [string, string];
    const login = Buffer.from(`\0${from}\0${password}`).toString('base64');
    const mail = [
      `From: ${from}`, `To: ${to}`, `Subject: ${subject}`, `Message-ID: <${crypto.randomUUID()}@pec.cittadini.example>`, `Date: ${new Date().toUTCString()}`,
      'MIME-Version: 1.0', written(typeof letter === 'string' ? { text: letter } : letter), '.',
    ].join('\r\n');
    const socket = createConnection({ host, port: Number(port) });
    try {
      const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
      const hear = async (code: string): Promise<void> => {
        for (;;) {
          const { value, done } = await lines.next();
          if (done || !value.startsWith(code)) {
            throw new Error(`the provider said ${value} instead of ${code}`);
          }
          if (value[3] !== '-') {
            return;
          }
        }
      };
      await hear('220');
      for (const [say, code] of [['EHLO test', '250'], [`AUTH PLAIN ${login}`, '235'], [`MAIL FROM:<${from}>`, '250'], [`RCPT TO:<${to}>`, '250'], ['DATA', '354'], [mail, '250'], ['QUIT', '221']] as const) {
        socket.write(`${say}\r\n`);
        await hear(code);
      }
    } finally {
      socket.destroy();
    }
  }
}

/** The body of a mail, with the fields that say what it is. */
export function written({ text, html, files = [] }: Letter): string {
  const part = (type: string, content: string | Uint8Array, ...fields: string[]): string => [
    `Content-Type: ${type}`, 'Content-Transfer-Encoding: base64', ...fields, '', Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n'),
  ].join('\r\n');
  const many = (kind: string, parts: string[]): string => {
    const boundary = crypto.randomUUID();
    return [`Content-Type: multipart/${kind}; boundary="${boundary}"`, '', ...parts.flatMap((p) => [`--${boundary}`, p]), `--${boundary}--`].join('\r\n');
  };
  const said = [...(text === undefined ? [] : [part('text/plain; charset=utf-8', text)]), ...(html === undefined ? [] : [part('text/html; charset=utf-8', html)])];
  const body = said.length === 1 ? said[0]! : many('alternative', said);
  return files.length === 0 ? body : many('mixed', [body, ...files.map((f) => part(
    `${f.type}; name="${f.name}"`, f.content, `Content-Disposition: ${f.id ? 'inline' : 'attachment'}; filename="${f.name}"`, ...(f.id ? [`Content-ID: <${f.id}>`] : []),
  ))]);
}

/** Waits until something holds; a minute and no longer. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    if (await holds()) {
      return;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}
