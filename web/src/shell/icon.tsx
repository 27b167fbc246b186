// The few pictures of the client, drawn here: 24 by 24, lines of two.

const paths = {
  alert: 'M12 3 2 20h20L12 3Zm0 6v5m0 3v.01',
  archive: 'M4 4h16v4H4zM6 8v12h12V8M10 12h4',
  arrowDown: 'M12 5v14m6-6-6 6-6-6',
  arrowLeft: 'M19 12H5m6-6-6 6 6 6',
  arrowRight: 'M5 12h14m-6-6 6 6-6 6',
  arrowUp: 'M12 19V5m-6 6 6-6 6 6',
  board: 'M4 4h4v16H4zM10 4h4v10h-4zM16 4h4v13h-4z',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4m8-4v4',
  chart: 'M4 20V10m6 10V4m6 16v-7m4 7H2',
  check: 'm4 12 6 6L20 6',
  chevronDown: 'm6 9 6 6 6-6',
  chevronRight: 'm9 6 6 6-6 6',
  clip: 'M8 12V7a4 4 0 0 1 8 0v9a6 6 0 0 1-12 0V9',
  close: 'm6 6 12 12M18 6 6 18',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4v5l3 2',
  dots: 'M5 12h.01M12 12h.01M19 12h.01',
  download: 'M12 4v11m-5-5 5 5 5-5M4 20h16',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7Zm10-3a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  grip: 'M9 6h.01M9 12h.01M9 18h.01M15 6h.01M15 12h.01M15 18h.01',
  inbox: 'M4 4h16v16H4zM4 14h5l1 2h4l1-2h5',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  mail: 'M3 5h18v14H3zM3 6l9 7 9-7',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4 21a8 8 0 0 1 16 0',
  phone: 'M8 3h8v18H8zM11 18h2',
  plus: 'M12 5v14M5 12h14',
  print: 'M7 8V3h10v5M5 8h14v8h-3v5H8v-5H5z',
  question: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18v.01',
  refresh: 'M20 12a8 8 0 1 1-2.3-5.7M20 3v4h-4',
  reply: 'M10 5 4 11l6 6M4 11h9a7 7 0 0 1 7 7v1',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 5 5',
  send: 'M3 12 21 4l-6 17-3-8-9-1Z',
  settings: 'M4 7h10m4 0h2M4 17h2m4 0h10M14 5v4M10 15v4',
  shield: 'M12 3 5 6v6c0 5 3 7 7 9 4-2 7-4 7-9V6l-7-3Zm-3 9 2 2 4-4',
  sort: 'M4 7h16M4 12h10M4 17h6m6-2 4 3-4 3',
  star: 'm12 4 2.5 5.2 5.5.8-4 4 1 5.6-5-2.7-5 2.7 1-5.6-4-4 5.5-.8L12 4Z',
  undo: 'M9 6 4 11l5 5M4 11h10a6 6 0 0 1 0 12h-2',
  warning: 'M12 3 2 20h20L12 3Zm0 6v5m0 3v.01',
} as const;

export type IconName = keyof typeof paths;

/** A picture that says nothing of its own: a text stands beside it, or names what it is in. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
