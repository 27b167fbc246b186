import { useWords } from '../words/words';
import { faults } from './faults';
import type { Judged } from './judge';

/** Why a message was judged so. */
export default function Reasons({ reasons }: { reasons: Judged['verdict']['reasons'] }) {
  const f = useWords(faults);
  return <ul>{reasons.map((r) => <li key={r.code}>{f.reasons[r.code] ?? r.detail}</li>)}</ul>;
}
