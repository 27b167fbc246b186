import { describe, expect, test } from 'vitest';
import { treeOf, withBelow } from './tree';

const office = (id: string, parent?: string) => ({ id, name: id, parent: parent === undefined ? null : { id: parent } });

describe('offices below each other', () => {
  test('stand after the one above, by name', () => {
    const placed = treeOf([office('zona'), office('tributi'), office('imu', 'tributi'), office('cosap', 'tributi'), office('estero', 'imu')]);
    expect(placed.map((p) => `${p.depth} ${p.office.id}`)).toEqual(['0 tributi', '1 cosap', '1 imu', '2 estero', '0 zona']);
  });
  test('none is lost: not in a ring, nor below one that is not there', () => {
    const placed = treeOf([office('a', 'b'), office('b', 'a'), office('c', 'gone')]);
    expect(placed.map((p) => p.office.id).toSorted()).toEqual(['a', 'b', 'c']);
  });
  test('are found however deep', () => {
    expect([...withBelow('a', [office('c', 'b'), office('b', 'a'), office('a'), office('d')])].toSorted()).toEqual(['a', 'b', 'c']);
  });
});
