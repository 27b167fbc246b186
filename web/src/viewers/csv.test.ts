import { expect, test } from 'vitest';
import { tableOf } from './csv';

test('values stand between the mark that the first line has most of', () => {
  expect(tableOf('Nome;Importo\r\nRossi;1.234,50\r\n')).toEqual([['Nome', 'Importo'], ['Rossi', '1.234,50']]);
  expect(tableOf('a\tb\n1\t2')).toEqual([['a', 'b'], ['1', '2']]);
});

test('in quotes marks, line breaks and doubled quotes are text', () => {
  expect(tableOf('a,b\n"x, ""y""","uno\ndue"\n')).toEqual([['a', 'b'], ['x, "y"', 'uno\ndue']]);
});

test('short rows are filled up, empty lines are none', () => {
  expect(tableOf('a,b,c\n\n1\n')).toEqual([['a', 'b', 'c'], ['1', '', '']]);
});

test('a text without marks is no table, and neither is what is too long for one', () => {
  expect(tableOf('Buongiorno.\nSi trasmette.')).toBeNull();
  expect(tableOf('a,b\n' + '1,2\n'.repeat(2_001))).toBeNull();
});
