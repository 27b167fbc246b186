import { describe, expect, test } from 'vitest';
import { sightOf } from './sight';

const place = (id: string, some: object = {}) => ({ id, name: id, parent: null, headSeesBelow: false, operatorsSeeOwn: false, operatorsMayTake: false, closedAt: null, successor: null, ...some });
const offices = [place('tributi', { headSeesBelow: true }), place('imu', { parent: { id: 'tributi' }, operatorsSeeOwn: true }), place('sociali')];
const someone = { sorter: false, administrator: false, auditor: false, disabled: false };
const member = (role: 'HEAD' | 'DEPUTY' | 'OPERATOR', office: string, from: string | null = null, until: string | null = null) => ({ role, from, until, office: { id: office, name: office } });
const now = new Date('2026-11-26T12:00:00Z');
const see = (nodes: ReturnType<typeof member>[], some: object = {}) => sightOf({ ...someone, ...some, memberships: { nodes } }, offices, now);

describe('what a person sees', () => {
  test('a head reads what is below only where the office is set so', () => {
    expect(see([member('HEAD', 'tributi')])).toEqual([{ what: 'leads', office: 'tributi', below: ['imu'], isDeputy: false, until: null }]);
    expect(see([member('HEAD', 'imu')])).toEqual([{ what: 'leads', office: 'imu', below: [], isDeputy: false, until: null }]);
  });
  test('an operator of an office that is set so reads only what is assigned', () => {
    expect(see([member('OPERATOR', 'imu'), member('OPERATOR', 'sociali')])).toEqual([
      { what: 'works', office: 'imu', own: true, mayTake: false }, { what: 'works', office: 'sociali', own: false, mayTake: false },
    ]);
  });
  test('a deputy counts within the dates alone', () => {
    expect(see([member('DEPUTY', 'sociali', '2026-11-26T12:00:00Z', '2026-12-01T00:00:00Z')])).toMatchObject([{ what: 'leads', isDeputy: true }]);
    expect(see([member('DEPUTY', 'sociali', '2026-11-27T00:00:00Z')])).toMatchObject([{ what: 'later' }]);
    expect(see([member('DEPUTY', 'sociali', null, '2026-11-26T12:00:00Z')])).toEqual([{ what: 'nothing' }]);
  });
  test('who reads all of an office reads the closed cases of those whose work it has', () => {
    const closed = (id: string, heir: string | null) => place(id, { closedAt: '2026-11-01T00:00:00Z', successor: heir === null ? null : { id: heir } });
    const all = [...offices, closed('tosap', 'cosap'), closed('cosap', 'sociali'), closed('leva', null), closed('ici', 'imu')];
    const sees = (role: 'HEAD' | 'OPERATOR', office: string) => sightOf({ ...someone, memberships: { nodes: [member(role, office)] } }, all, now).find((s) => s.what === 'inherits');
    expect(sees('HEAD', 'sociali')).toEqual({ what: 'inherits', offices: ['tosap', 'cosap'] });
    expect(sees('OPERATOR', 'sociali')).toEqual({ what: 'inherits', offices: ['tosap', 'cosap'] });
    expect(sees('OPERATOR', 'imu')).toBeUndefined(); // reads only what is assigned
    expect(sees('HEAD', 'tributi')).toBeUndefined();
  });
  test('who is kept out sees nothing, whatever the roles', () => {
    expect(see([member('HEAD', 'tributi')], { disabled: true, sorter: true })).toEqual([{ what: 'out' }]);
  });
});
