import { MantineProvider, TextInput } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { createRef } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Speaking } from '../words/words';
import { FormDialog } from './form-dialog';
import { words } from './words';

const close = vi.fn();

beforeEach(() => {
  close.mockClear();
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
  vi.stubGlobal('ResizeObserver', class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  });
});

afterEach(cleanup);

function show(isKept = true): HTMLElement {
  const saving = { saving: false, whole: '', form: createRef<HTMLFormElement>() } as unknown as Parameters<typeof FormDialog>[0]['saving'];
  render(
    <MantineProvider env="test"><Speaking first="it">
      <FormDialog title="Ufficio" verb="Salva" isKept={isKept} saving={saving} submit={() => undefined} close={close}><TextInput label="Nome" /></FormDialog>
    </Speaking></MantineProvider>,
  );
  return screen.getByLabelText('Nome');
}

const escape = (): void => void fireEvent.keyDown(document.body, { key: 'Escape' });

test('a form in which nothing was typed closes at once', () => {
  show();
  escape();
  expect(close).toHaveBeenCalledTimes(1);
});

test('words that are no loss are not asked about', () => {
  fireEvent.input(show(false), { target: { value: 'Ragioneria' } });
  escape();
  expect(close).toHaveBeenCalledTimes(1);
});

test('what was typed is thrown away only by who says so', () => {
  const field = show();
  field.focus();
  fireEvent.input(field, { target: { value: 'Ragioneria' } });
  escape();
  expect(close).not.toHaveBeenCalled();
  screen.getByText(words.it.unsaved);
  escape(); // back to the form
  expect(screen.queryByText(words.it.unsaved)).toBeNull();
  expect(document.activeElement).toBe(field);
  expect((field as HTMLInputElement).value).toBe('Ragioneria');
  escape();
  fireEvent.click(screen.getByText(words.it.throwAway));
  expect(close).toHaveBeenCalledTimes(1);
});
