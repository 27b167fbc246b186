// What a person sees, as docs/who-sees-what.md has it: from roles, memberships and the
// habits of offices, for words to tell.

import { withBelow } from '../offices/tree';

export type Sight =
  | { what: 'out' | 'sorter' | 'auditor' | 'administrator' | 'nothing' }
  | { what: 'leads'; office: string; below: readonly string[]; isDeputy: boolean; until: string | null }
  | { what: 'works'; office: string; own: boolean; mayTake: boolean }
  | { what: 'later'; office: string; from: string };

interface Someone {
  sorter: boolean | null;
  administrator: boolean | null;
  auditor: boolean | null;
  disabled: boolean | null;
  memberships: { nodes: readonly { role: 'HEAD' | 'DEPUTY' | 'OPERATOR'; from: string | null; until: string | null; office: { id: string; name: string } }[] };
}

interface Place {
  id: string;
  name: string;
  parent: { id: string } | null;
  headSeesBelow: boolean;
  operatorsSeeOwn: boolean;
  operatorsMayTake: boolean;
}

export function sightOf(person: Someone, offices: readonly Place[], now: Date): Sight[] {
  if (person.disabled) {
    return [{ what: 'out' }];
  }
  const seen: Sight[] = [];
  for (const role of ['sorter', 'auditor', 'administrator'] as const) {
    if (person[role]) {
      seen.push({ what: role });
    }
  }
  for (const m of person.memberships.nodes) {
    const place = offices.find((o) => o.id === m.office.id);
    if (m.until !== null && new Date(m.until) <= now) {
      continue;
    }
    if (m.from !== null && new Date(m.from) > now) {
      seen.push({ what: 'later', office: m.office.name, from: m.from });
    } else if (m.role === 'OPERATOR') {
      seen.push({ what: 'works', office: m.office.name, own: place?.operatorsSeeOwn ?? false, mayTake: place?.operatorsMayTake ?? false });
    } else {
      const below = place?.headSeesBelow ? [...withBelow(place.id, offices)].filter((id) => id !== place.id) : [];
      seen.push({
        what: 'leads', office: m.office.name, isDeputy: m.role === 'DEPUTY', until: m.until,
        below: offices.filter((o) => below.includes(o.id)).map((o) => o.name),
      });
    }
  }
  return seen.length > 0 ? seen : [{ what: 'nothing' }];
}
