import { beforeEach, expect, test } from 'vitest';
import { Keyboard, type Command, type Scheme } from './keys';

let done: string[];
let scheme: Scheme;
let now: number;

const command = (id: string, keys: Command['keys'], possible = true): Command => ({ id, title: id, group: '', keys, possible, run: () => done.push(id) });

function keyboard(...commands: Command[]) {
  const board = new Keyboard(() => commands, () => scheme, () => now);
  return (key: string, init: KeyboardEventInit = {}, on: Element = document.body) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, ...init });
    Object.defineProperty(event, 'target', { value: on });
    return board.press(event);
  };
}

beforeEach(() => {
  done = [];
  scheme = 'simple';
  now = 1_000_000;
});

test('a key does what its scheme says, and nothing where there is none', () => {
  const press = keyboard(command('sort', { simple: 'a', gmail: 'v' }));
  press('a');
  scheme = 'gmail';
  press('a');
  press('v');
  scheme = 'none';
  press('a');
  press('v');
  expect(done).toEqual(['sort', 'sort']);
});

test('letters of all schemes are letters while somebody types', () => {
  const press = keyboard(command('sort', 'a'), command('undo', 'z'));
  for (const html of ['<input>', '<input type="search">', '<textarea></textarea>', '<select></select>', '<div contenteditable="true"><p id="in">x</p></div>', '<div role="textbox"></div>']) {
    document.body.innerHTML = html;
    expect(press('a', {}, document.querySelector('#in') ?? document.body.firstElementChild!)).toBe(false);
  }
  document.body.innerHTML = '<input type="checkbox">';
  press('a', {}, document.body.firstElementChild!);
  expect(done).toEqual(['sort']);
});

test('keys that the browser or the system means are left to them', () => {
  const press = keyboard(command('sort', 'a'), command('search', '/'));
  expect([press('a', { ctrlKey: true }), press('a', { altKey: true }), press('a', { metaKey: true }), press('a', { isComposing: true })]).toEqual([false, false, false, false]);
  expect(done).toEqual([]);
});

test('Alt and an arrow are a key of their own, and the browser’s where nothing moves', () => {
  const press = keyboard(command('move', 'Alt+ArrowRight'), command('next', 'ArrowRight'), command('back', 'Alt+ArrowLeft', false));
  expect([press('ArrowRight', { altKey: true }), press('ArrowLeft', { altKey: true })]).toEqual([true, false]);
  expect(done).toEqual(['move']);
});

test('two keys after each other, but not when the first was long ago', () => {
  const press = keyboard(command('go', 'g s'), command('star', 's'));
  expect(press('g')).toBe(true);
  press('s');
  press('g');
  now += 5_000;
  press('s');
  expect(done).toEqual(['go', 'star']);
});

test('Enter presses a button, and opens a row', () => {
  const press = keyboard(command('open', 'Enter'));
  document.body.innerHTML = '<button>b</button>';
  expect(press('Enter', {}, document.body.firstElementChild!)).toBe(false);
  press('Enter');
  expect(done).toEqual(['open']);
});

test('what cannot be done now is not done, and of two commands the later one holds', () => {
  const press = keyboard(command('page', 'Escape'), command('dialog', 'Escape'), command('never', 'x', false));
  expect(press('x')).toBe(false);
  press('Escape');
  expect(done).toEqual(['dialog']);
});
