// The few pictures of the client, drawn here: 24 by 24, lines of two.

const paths = {
  alert: 'M12 3 2 20h20L12 3Zm0 6v5m0 3v.01',
  alignCenter: 'M4 6h16M7 10h10M4 14h16M7 18h10',
  alignJustify: 'M4 6h16M4 10h16M4 14h16M4 18h16',
  alignLeft: 'M4 6h16M4 10h10M4 14h16M4 18h10',
  alignRight: 'M4 6h16M10 10h10M4 14h16M10 18h10',
  archive: 'M4 4h16v4H4zM6 8v12h12V8M10 12h4',
  arrowLeft: 'M19 12H5m6-6-6 6 6 6',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l2 2H4l2-2Zm4 5h4',
  board: 'M4 4h4v16H4zM10 4h4v10h-4zM16 4h4v13h-4z',
  bold: 'M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z',
  chart: 'M4 20V10m6 10V4m6 16v-7m4 7H2',
  check: 'm4 12 6 6L20 6',
  chevronDown: 'm6 9 6 6 6-6',
  chevronRight: 'm9 6 6 6-6 6',
  clip: 'M8 12V7a4 4 0 0 1 8 0v9a6 6 0 0 1-12 0V9',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4v5l3 2',
  cloudOff: 'M3 3l18 18M8 8a6 6 0 0 0-1 3 4 4 0 0 0 0 8h11M11 6a6 6 0 0 1 7 5 4 4 0 0 1 3 6',
  close: 'm6 6 12 12M18 6 6 18',
  dots: 'M5 12h.01M12 12h.01M19 12h.01',
  download: 'M12 4v11m-5-5 5 5 5-5M4 20h16',
  eraser: 'm8 20-4-4L14 5l6 6-8 9H8Zm1-10 6 6M12 20h8',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7Zm10-3a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  forward: 'm14 5 6 6-6 6M20 11h-9a7 7 0 0 0-7 7v1',
  highlighter: 'm4 17 2 2 3-1 9-9-4-4-9 9-1 3ZM12 7l4 4M12 21h8',
  inbox: 'M4 4h16v16H4zM4 14h5l1 2h4l1-2h5',
  indent: 'M4 5h16M11 10h9M11 14h9M4 19h16M4 9l4 3-4 3',
  italic: 'M10 5h8M6 19h8M14 5l-4 14',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1m2 4a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  mail: 'M3 5h18v14H3zM3 6l9 7 9-7',
  note: 'M5 3h10l4 4v14H5zM9 9h6M9 13h6M9 17h4',
  numbers: 'M10 6h10M10 12h10M10 18h10M4 4.5 5.500 4v4M4 14h2.500L4 18h3',
  outdent: 'M4 5h16M11 10h9M11 14h9M4 19h16M8 9l-4 3 4 3',
  pen: 'M4 20l1-4L16 5l3 3L8 19l-4 1ZM13 20h7',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4 21a8 8 0 0 1 16 0',
  phone: 'M8 3h8v18H8zM11 18h2',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01',
  print: 'M7 8V3h10v5M5 8h14v8h-3v5H8v-5H5z',
  question: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18v.01',
  quote: 'M5 5v14M9 8h11M9 12h11M9 16h7',
  redo: 'm15 6 5 5-5 5M20 11H10a6 6 0 0 0 0 12h2',
  refresh: 'M20 12a8 8 0 1 1-2.3-5.7M20 3v4h-4',
  reply: 'M10 5 4 11l6 6M4 11h9a7 7 0 0 1 7 7v1',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 5 5',
  send: 'M3 12 21 4l-6 17-3-8-9-1Z',
  settings: 'M4 7h10m4 0h2M4 17h2m4 0h10M14 5v4M10 15v4',
  shield: 'M12 3 5 6v6c0 5 3 7 7 9 4-2 7-4 7-9V6l-7-3Zm-3 9 2 2 4-4',
  sort: 'M4 7h16M4 12h10M4 17h6m6-2 4 3-4 3',
  star: 'm12 4 2.5 5.2 5.5.8-4 4 1 5.6-5-2.7-5 2.7 1-5.6-4-4 5.5-.8L12 4Z',
  strike: 'M4 12h16M16 7c-.6-1.300-2-2-4-2-2.500 0-4.500 1.200-4.500 3.300 0 1.700 1.200 2.900 3 3.700M7.500 16c.5 2 2.200 3 4.500 3 2.500 0 4.500-1.300 4.500-3.500 0-.6-.1-1-.3-1.500',
  table: 'M4 5h16v14H4zM4 10h16M4 15h16M10 5v14',
  template: 'M6 3h12v18H6zM9 8h6M9 12h6M9 16h3',
  textColor: 'm6 16 6-12 6 12M8 12h8M4 20h16',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  underline: 'M7 4v7a5 5 0 0 0 10 0V4M5 20h14',
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
