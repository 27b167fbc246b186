// Deadlines and calendars: how long things may take, when a term would end and why,
// and on which days nobody works. What the configuration says stands beside what
// administrators keep here.

import { useAddress, type Said } from '../shell/address';
import { writeAmount } from './amount';
import { Calendar } from './calendar';
import { DaysOff } from './days-off';
import css from './deadlines.module.css';
import { Reckoner } from './reckoner';
import { Terms } from './terms';

/** What is looked at, as the address says it. */
export interface Place {
  day?: string;
  time?: string;
  amount?: string;
  office?: string;
  year?: string;
}

function readPlace(said: Said): Place {
  return {
    day: said['day'],
    time: said['time'],
    amount: said['amount'],
    office: said['office'],
    year: said['year'],
  };
}

export function Deadlines() {
  const [place, go] = useAddress(readPlace);
  return (
    <div className={css.page}>
      <Terms use={(amount, office) => {
        go({ amount: writeAmount(amount), office }, { replace: true });
        document.getElementById('reckoner-day')?.focus();
      }} />
      <Reckoner place={place} go={go} />
      <DaysOff />
      <Calendar place={place} go={go} />
    </div>
  );
}
