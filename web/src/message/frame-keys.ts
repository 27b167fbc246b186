// Keys that are pressed inside of a message mean what they mean outside of it. No
// script runs in its frame: the page around it listens there, as it may, since the
// frame is of the same origin.

/** Listens inside a frame for as long as the page in it stands; gives back how to stop. */
export function listenInside(frame: HTMLIFrameElement): () => void {
  const inside = frame.contentDocument;
  const press = (event: KeyboardEvent): void => {
    if ((event.key === 'Enter' || event.key === ' ') && (event.target as Element).closest('a')) {
      return; // it opens the link
    }
    if (event.key === 'Escape') { // leaves the message first, and only then what is around it
      event.preventDefault();
      frame.blur();
      frame.closest<HTMLElement>('article')?.focus();
      return;
    }
    const { key, code, shiftKey, ctrlKey, altKey, metaKey, isComposing } = event;
    const outside = new KeyboardEvent('keydown', { key, code, shiftKey, ctrlKey, altKey, metaKey, isComposing, bubbles: true, cancelable: true });
    if (!frame.dispatchEvent(outside)) {
      event.preventDefault();
    }
  };
  // Browsers show where the focus goes, but not when it goes into a frame.
  const enter = (): void => {
    const { top, bottom } = frame.getBoundingClientRect();
    if (top > innerHeight || bottom < 0) {
      frame.scrollIntoView({ block: 'nearest' });
    }
  };
  inside?.addEventListener('keydown', press);
  inside?.defaultView?.addEventListener('focus', enter);
  return () => {
    inside?.removeEventListener('keydown', press);
    inside?.defaultView?.removeEventListener('focus', enter);
  };
}
