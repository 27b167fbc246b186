import { expect, test } from 'vitest';
import { addressesOf, isAddress, withAddresses } from './addresses';

test('addresses are found in what people paste', () => {
  expect(addressesOf('Anna Morandi <anna@pec.example>; "Rossi, Mario" <rossi@pec.example>, terzo@pec.example\nquarto@pec.example quinto@pec.example')).toEqual([
    { name: 'Anna Morandi', address: 'anna@pec.example' }, { name: 'Rossi, Mario', address: 'rossi@pec.example' },
    { name: '', address: 'terzo@pec.example' }, { name: '', address: 'quarto@pec.example' }, { name: '', address: 'quinto@pec.example' },
  ]);
  expect(addressesOf('  ')).toEqual([]);
});

test('nobody stands twice, however it is written', () => {
  expect(withAddresses([{ name: '', address: 'a@pec.example' }], [{ name: 'A', address: 'A@PEC.example' }, { name: '', address: 'b@pec.example' }])).toHaveLength(2);
});

test('what cannot be an address is seen', () => {
  expect(['anna@pec.example', 'a.b+c@x.it'].every(isAddress)).toBe(true);
  expect(['anna', 'anna@', 'anna@pec', 'an na@pec.it', '@pec.it'].some(isAddress)).toBe(false);
});
