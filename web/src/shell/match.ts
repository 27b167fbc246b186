/** A text without case and accents, for finding. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whether every word that is looked for begins a word of the text. */
export function matches(wanted: string, text: string): boolean {
  const words = folded(text).split(/[^\p{L}\p{N}]+/u);
  return folded(wanted).split(/[^\p{L}\p{N}]+/u).every((w) => w === '' || words.some((word) => word.startsWith(w)));
}
