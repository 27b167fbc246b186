import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Draft, type Outcome, type Said, type Saved, type Server } from './draft';
import type { Kept, Place } from './kept';

const first: Said = { mailboxId: 'm', to: [{ name: '', address: 'anna@pec.example' }], cc: [], subject: 'Re: Istanza', html: '<p></p>', receiptType: 'COMPLETE', concludes: true };

/** A server with one draft, as the real one keeps it. */
class Desk implements Server {
  version = 1;
  said = first;
  by = 'Luca';
  reachable = true;
  saves = 0;

  async save(version: number, said: Said): Promise<Outcome> {
    if (!this.reachable) {
      throw new Error('no network');
    }
    if (version !== this.version) {
      return { kind: 'stale', message: `l'ha modificata ${this.by}` };
    }
    this.saves++;
    this.said = { ...said, html: said.html.trim() };
    this.by = 'io';
    return { kind: 'saved', version: ++this.version, at: '2026-11-26T10:42:00Z' };
  }

  async read(): Promise<Saved | null> {
    return { version: this.version, said: this.said, by: this.by, at: '2026-11-26T10:41:00Z' };
  }

  colleague(html: string): void {
    this.version++;
    this.said = { ...this.said, html };
    this.by = 'Nadia';
  }
}

class Shelf implements Place {
  kept: Kept | undefined;
  put = async (kept: Kept): Promise<void> => void (this.kept = kept);
  get = async (): Promise<Kept | undefined> => this.kept;
  clear = async (): Promise<void> => void (this.kept = undefined);
}

let desk: Desk;
let shelf: Shelf;
const open = async (): Promise<Draft> => new Draft((await desk.read())!, desk, shelf, (a, b) => a.trim() === b.trim());

beforeEach(() => {
  vi.useFakeTimers();
  desk = new Desk();
  shelf = new Shelf();
});
afterEach(() => {
  vi.useRealTimers();
});

function type(draft: Draft, html: string): void {
  draft.writeFrom(() => html);
  draft.change();
}

test('what is typed is saved within two seconds of the last key, once', async () => {
  const draft = await open();
  for (const html of ['<p>B</p>', '<p>Bu</p>', '<p>Buo</p>']) {
    type(draft, html);
    await vi.advanceTimersByTimeAsync(300);
  }
  expect(shelf.kept?.said.html).toMatch(/<p>Bu/);
  await vi.advanceTimersByTimeAsync(2000);
  expect(desk.said.html).toBe('<p>Buo</p>');
  expect(desk.saves).toBe(1);
  expect(draft.state).toEqual({ kind: 'saved', at: '2026-11-26T10:42:00Z' });
  expect(shelf.kept).toBeUndefined();
});

test('without a network it is kept here and saved as soon as there is one', async () => {
  const draft = await open();
  desk.reachable = false;
  type(draft, '<p>Nel tunnel</p>');
  await vi.advanceTimersByTimeAsync(3000);
  expect(draft.state.kind).toBe('lost');
  expect(shelf.kept?.said.html).toBe('<p>Nel tunnel</p>');
  desk.reachable = true;
  await vi.advanceTimersByTimeAsync(6000);
  expect(desk.said.html).toBe('<p>Nel tunnel</p>');
  expect(shelf.kept).toBeUndefined();
});

test('after a reload it goes on from what was typed; a colleague’s words are not overwritten', async () => {
  const draft = await open();
  desk.reachable = false;
  type(draft, '<p>Mio</p>');
  await vi.advanceTimersByTimeAsync(1000);
  draft.stop();
  desk.reachable = true;

  const again = await open();
  again.restore(shelf.kept!, (await desk.read())!);
  await vi.advanceTimersByTimeAsync(2000);
  expect(desk.said.html).toBe('<p>Mio</p>');

  desk.reachable = false;
  type(again, '<p>Mio, di più</p>');
  await vi.advanceTimersByTimeAsync(1000);
  again.stop();
  desk.reachable = true;
  desk.colleague('<p>Suo</p>');
  const third = await open();
  third.restore(shelf.kept!, (await desk.read())!);
  await vi.advanceTimersByTimeAsync(2000);
  expect(third.state).toMatchObject({ kind: 'conflict', theirs: { by: 'Nadia', said: { html: '<p>Suo</p>' } } });
  expect(desk.said.html).toBe('<p>Suo</p>');
});

test('a colleague’s saving stops ours, and both texts are there until somebody decides', async () => {
  const draft = await open();
  desk.colleague('<p>Suo</p>');
  type(draft, '<p>Mio</p>');
  await vi.advanceTimersByTimeAsync(2000);
  expect(draft.state).toMatchObject({ kind: 'conflict', message: 'l\'ha modificata Nadia', theirs: { said: { html: '<p>Suo</p>' } } });
  expect(await draft.flush()).toBe(false);
  type(draft, '<p>Mio, ancora</p>');
  await vi.advanceTimersByTimeAsync(5000);
  expect(desk.said.html).toBe('<p>Suo</p>');
  expect(shelf.kept?.said.html).toBe('<p>Mio, ancora</p>');
  draft.keepMine();
  expect(await draft.flush()).toBe(true);
  expect(desk.said.html).toBe('<p>Mio, ancora</p>');
});

test('a file that came meanwhile is no conflict', async () => {
  const draft = await open();
  desk.version++;
  type(draft, '<p>Con allegato</p>');
  await vi.advanceTimersByTimeAsync(2000);
  expect(draft.state.kind).toBe('saved');
  expect(desk.said.html).toBe('<p>Con allegato</p>');
});

test('what is typed while a saving is on its way is saved after it', async () => {
  const draft = await open();
  const save = desk.save.bind(desk);
  desk.save = async (version, said) => {
    await new Promise((done) => setTimeout(done, 500));
    return save(version, said);
  };
  type(draft, '<p>Prima</p>');
  await vi.advanceTimersByTimeAsync(1000);
  type(draft, '<p>Prima e dopo</p>');
  const all = draft.flush();
  await vi.advanceTimersByTimeAsync(3000);
  expect(await all).toBe(true);
  expect(desk.said.html).toBe('<p>Prima e dopo</p>');
});
