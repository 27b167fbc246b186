import { expect, test } from 'vitest';
import { isGroup, partAt, read, replaced, surely, unsaid, write, type Places } from './condition';

const nested = {
  sender: '@studio.example',
  any: [{ subject: 'fattur*' }, { all: [{ attachment: '.xml' }, { not: { text: '*pagat*' } }] }],
  not: { mailbox: 'tributi@pec.example' },
};

test('what is read is written back with the same meaning, however deep', () => {
  const group = read(JSON.stringify(nested));
  expect(write(group)).toEqual({
    all: [
      { sender: '@studio.example' },
      { any: [{ subject: 'fattur*' }, { all: [{ attachment: '.xml' }, { not: { text: '*pagat*' } }] }] },
      { not: { mailbox: 'tributi@pec.example' } },
    ],
  });
  expect(write(read(JSON.stringify(write(group))))).toEqual(write(group));
});

test('patterns are read as what people chose', () => {
  const leaves = ['{"subject":"avviso di accertamento"}', '{"subject":"fattur*"}', '{"text":"*pagat*"}', '{"sender":"@pec.example"}', '{"sender":"a*@pec.example"}', '{"attachment":"image/*"}', '{"subject":"a* b*"}']
    .map((source) => read(source).parts[0]!);
  expect(leaves.map((l) => (isGroup(l) ? '' : `${l.test} ${l.value}`))).toEqual([
    'words avviso di accertamento', 'prefix fattur', 'part pagat', 'domain pec.example', 'address a*@pec.example', 'type image/*', 'words a* b*',
  ]);
});

test('a group of which none must hold is the opposite of one of which any must', () => {
  const group = read('{"not":{"any":[{"subject":"a"},{"subject":"b"}]}}');
  expect(group.mode).toBe('none');
  expect(write(group)).toEqual({ not: { any: [{ subject: 'a' }, { subject: 'b' }] } });
});

test('an error finds the innermost part that it is about', () => {
  const group = read(JSON.stringify(nested));
  const places: Places = new Map();
  write(group, 'rule.condition', places);
  const any = group.parts[1]!;
  expect(partAt('rule.condition.all.0.sender', places)).toBe(group.parts[0]!.key);
  expect(partAt('rule.condition.all.1.any.1', places)).toBe(isGroup(any) ? any.parts[1]!.key : 0);
  expect(partAt('rule.condition.all.2.not.mailbox', places)).toBe(group.parts[2]!.key);
  expect(partAt('rule.name', places)).toBeUndefined();
});

test('what says nothing is found, and parts are changed and taken out where they stand', () => {
  const group = read('{"all":[{"subject":"a"},{"any":[{"text":"b"},{"text":"c"}]}]}');
  const inner = group.parts[1]!;
  const leaf = isGroup(inner) ? inner.parts[0]! : inner;
  const changed = replaced(group, leaf.key, (p) => ({ ...p, value: ' ' }));
  expect(unsaid(changed).map((p) => p.key)).toEqual([leaf.key]);
  expect(write(replaced(group, leaf.key, () => null))).toEqual({ all: [{ subject: 'a' }, { any: [{ text: 'c' }] }] });
});

test.each([
  ['{"subject":"imu 2026"}', '{"subject":"IMU"}', true],
  ['{"subject":"IMU"}', '{"subject":"imu 2026"}', false],
  ['{"subject":"fatture"}', '{"subject":"fattur*"}', true],
  ['{"subject":"fattur*"}', '{"subject":"fatture"}', false],
  ['{"subject":"imu"}', '{"text":"imu"}', false],
  ['{"sender":"a@pec.example"}', '{"sender":"@pec.example"}', true],
  ['{"sender":"a@sub.pec.example"}', '{"sender":"@pec.example"}', false],
  ['{"sender":"@pec.example","subject":"imu"}', '{"sender":"@pec.example"}', true],
  ['{"sender":"@pec.example"}', '{"sender":"@pec.example","subject":"imu"}', false],
  ['{"any":[{"subject":"imu"},{"subject":"tari"}]}', '{"any":[{"subject":"tari"},{"subject":"tasi"},{"subject":"imu"}]}', true],
  ['{"any":[{"subject":"imu"},{"subject":"tari"}]}', '{"subject":"imu"}', false],
  ['{"not":{"subject":"fattur*"}}', '{"not":{"subject":"fatture"}}', true],
  ['{"not":{"subject":"fatture"}}', '{"not":{"subject":"fattur*"}}', false],
  ['{"attachment":".xml.p7m"}', '{"attachment":".p7m"}', true],
])('%s is surely within %s: %s', (narrow, wide, is) => {
  expect(surely(read(narrow), read(wide))).toBe(is);
});
