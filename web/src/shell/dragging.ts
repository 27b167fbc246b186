// Dragging is the third way to do something, after menus and keys: what it needs comes
// after the page.

type Dragging = typeof import('@atlaskit/pragmatic-drag-and-drop/element/adapter');

/** Begins something that drags once that can be; gives what ends it. */
export function dragging(begin: (dnd: Dragging) => () => void): () => void {
  let isOver = false;
  let end: (() => void) | undefined;
  void import('@atlaskit/pragmatic-drag-and-drop/element/adapter').then((dnd) => {
    if (!isOver) {
      end = begin(dnd);
    }
  }, () => undefined);
  return () => {
    isOver = true;
    end?.();
  };
}
