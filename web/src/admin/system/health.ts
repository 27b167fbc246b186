// Whether the program answers well, as it says itself at /readyz.

export interface Answered {
  name: string;
  ok: boolean;
}

/** The lines of /readyz?verbose, as `database: ok`. */
export function readLines(text: string): Answered[] {
  return text.split('\n').filter((line) => line.includes(': ')).map((line) => {
    const at = line.indexOf(': ');
    return { name: line.slice(0, at), ok: line.slice(at + 2) === 'ok' };
  });
}

export async function readHealth(signal: AbortSignal): Promise<Answered[]> {
  const response = await fetch('/readyz?verbose', { signal });
  return readLines(await response.text());
}

/** The mailbox whose server answered the longest time ago; one that never did stands first. */
export function slowest<B extends { checkedAt: string | null }>(boxes: readonly B[]): B | undefined {
  return boxes.toSorted((a, b) => (a.checkedAt ?? '').localeCompare(b.checkedAt ?? ''))[0];
}
