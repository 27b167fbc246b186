/** A count as it is shown: the server stops counting at 1,000. */
export function counted(n: number | undefined, number: (n: number) => string): string {
  return n === undefined ? '' : n >= 1000 ? '999+' : number(n);
}
