// What a form changes: only that is written, so that two administrators who edit the
// same thing keep what each of them changed.

/** The fields that were changed since the form was opened, with what they say now. */
export function changed<F extends object>(before: F, now: F): Partial<F> {
  return Object.fromEntries(Object.entries(now).filter(([field, value]) => value !== before[field as keyof F])) as Partial<F>;
}

/** The fields that somebody else changed since the form was opened, and that say now something else than the form. */
export function movedMeanwhile<F extends object>(before: F, there: F, now: F): (keyof F)[] {
  return (Object.keys(before) as (keyof F)[]).filter((field) => there[field] !== before[field] && there[field] !== now[field]);
}
