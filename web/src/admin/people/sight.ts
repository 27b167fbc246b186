// What a person sees, as docs/who-sees-what.md has it: from roles, memberships and the
// habits of offices, for words to tell.

import { withBelow } from '../offices/tree';

export type Sight =
  | { what: 'out' | 'sorter' | 'auditor' | 'administrator' | 'nothing' }
  | { what: 'leads'; office: string; below: readonly string[]; isDeputy: boolean; until: string | null }
  | { what: 'works'; office: string; own: boolean; mayTake: boolean }
  | { what: 'inherits'; offices: readonly string[] }
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
  closedAt: string | null;
  successor: { id: string } | null;
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
  const wholes = new Set<string>(); // offices of which everything is read
  for (const m of person.memberships.nodes) {
    const place = offices.find((o) => o.id === m.office.id);
    if (m.until !== null && new Date(m.until) <= now) {
      continue;
    }
    if (m.from !== null && new Date(m.from) > now) {
      seen.push({ what: 'later', office: m.office.name, from: m.from });
    } else if (m.role === 'OPERATOR') {
      if (!place?.operatorsSeeOwn) {
        wholes.add(m.office.id);
      }
      seen.push({ what: 'works', office: m.office.name, own: place?.operatorsSeeOwn ?? false, mayTake: place?.operatorsMayTake ?? false });
    } else {
      wholes.add(m.office.id);
      const below = place?.headSeesBelow ? [...withBelow(place.id, offices)].filter((id) => id !== place.id) : [];
      seen.push({
        what: 'leads', office: m.office.name, isDeputy: m.role === 'DEPUTY', until: m.until,
        below: offices.filter((o) => below.includes(o.id)).map((o) => o.name),
      });
    }
  }
  const old = inheritedBy(wholes, offices);
  if (old.length > 0) {
    seen.push({ what: 'inherits', offices: old });
  }
  return seen.length > 0 ? seen : [{ what: 'nothing' }];
}

/** The closed offices whose work went to one of some offices, at once or through others that were closed later. */
function inheritedBy(heirs: ReadonlySet<string>, offices: readonly Place[]): string[] {
  const byId = new Map(offices.map((o) => [o.id, o]));
  const heirOf = (office: Place): string | undefined => {
    let at: Place | undefined = office;
    for (let steps = 0; at?.closedAt && steps < offices.length; steps++) {
      at = byId.get(at.successor?.id ?? '');
    }
    return at?.closedAt ? undefined : at?.id;
  };
  return offices.filter((o) => o.closedAt && heirs.has(heirOf(o) ?? '')).map((o) => o.name);
}
