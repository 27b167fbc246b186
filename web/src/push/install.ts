// Whether this client can be installed on the device, and whether to speak of it.

/** Chromium's offer to install, kept until the person wants it. */
interface InstallOffer extends Event {
  prompt(): Promise<void>;
  readonly userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

let offer: InstallOffer | null = null;
const watchers = new Set<() => void>();
const tell = (): void => watchers.forEach((w) => w());

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  offer = event as InstallOffer;
  tell();
});
addEventListener('appinstalled', () => {
  offer = null;
  tell();
});

export type Installing = 'installed' | 'possible' | 'by-hand' | 'no';

export const install = {
  watch(changed: () => void): () => void {
    watchers.add(changed);
    return () => watchers.delete(changed);
  },
  state: (): Installing => {
    if (matchMedia('(display-mode: standalone)').matches) {
      return 'installed';
    }
    return offer ? 'possible' : isApple() ? 'by-hand' : 'no';
  },
  /** Lets the browser ask the person. */
  async begin(): Promise<void> {
    await offer?.prompt();
    if ((await offer?.userChoice)?.outcome === 'accepted') {
      offer = null;
      tell();
    }
  },
};

/** A telephone or tablet of Apple, which says of a tablet that it is a computer. */
export function isApple(): boolean {
  return /iP(hone|ad|od)/.test(navigator.userAgent) || (navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1);
}

const visits = 'smista.visits';
const counted = 'smista.visit-counted';
const dismissed = 'smista.offer-dismissed';

if (sessionStorage.getItem(counted) === null) {
  sessionStorage.setItem(counted, '1');
  localStorage.setItem(visits, String(Number(localStorage.getItem(visits) ?? 0) + 1));
}

/** Whether to speak of installing and notices: not at the first visit, and never again once it was not wanted. */
export function isOfferDue(): boolean {
  return Number(localStorage.getItem(visits) ?? 0) >= 2 && localStorage.getItem(dismissed) === null;
}

export function dismissOffer(): void {
  localStorage.setItem(dismissed, '1');
}
