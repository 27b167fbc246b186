// What is printed from a viewer: a sheet of its own, instead of the screen.

import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import css from './print-sheet.module.css';

const Context = createContext<((sheet: ReactNode) => void) | null>(null);

/** Prints something, when the pictures in it are there. */
export function usePrint(): (sheet: ReactNode) => void {
  const print = useContext(Context);
  if (!print) {
    throw new Error('outside of <Printing>');
  }
  return print;
}

export function Printing({ children }: { children: ReactNode }) {
  const [sheet, setSheet] = useState<ReactNode>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (sheet === null) {
      return undefined;
    }
    let gone = false;
    const pictures = [...box.current!.querySelectorAll('img')];
    void Promise.allSettled(pictures.map((p) => p.decode())).then(() => {
      if (!gone) {
        print();
        setSheet(null); // print() comes back when it is done
      }
    });
    return () => {
      gone = true;
    };
  }, [sheet]);
  return (
    <Context value={setSheet}>
      {children}
      {sheet !== null && createPortal(<div ref={box} className={css.sheet}>{sheet}</div>, document.body)}
    </Context>
  );
}
