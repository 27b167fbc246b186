import { useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useWords } from '../words/words';
import type { ViewProps } from './kinds';
import { usePrint } from './print-sheet';
import Unknown from './unknown';
import css from './viewer.module.css';
import { words } from './words';
import { usePinch, ZoomBar, type Point, type Zooming } from './zoom';

const least = 0.05;
const most = 20;

export default function Picture(props: ViewProps) {
  const { file, content: { bytes, type } } = props;
  const w = useWords(words);
  const print = usePrint();
  const box = useRef<HTMLDivElement>(null);
  const [address, setAddress] = useState('');
  const [natural, setNatural] = useState({ width: 0, height: 0 });
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [chosen, setChosen] = useState<number | null>(null); // null: it fits
  const [turns, setTurns] = useState(0);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, type]);
  useEffect(() => {
    const { current } = box;
    if (!current) {
      return undefined;
    }
    const resized = new ResizeObserver(() => setRoom({ width: current.clientWidth, height: current.clientHeight }));
    resized.observe(current);
    current.focus(); // so that keys scroll it
    return () => resized.disconnect();
  }, []);
  const [width, height] = turns % 2 === 0 ? [natural.width, natural.height] : [natural.height, natural.width];
  const fitting = width > 0 ? Math.min(1, room.width / width, room.height / height) : 1;
  const scale = chosen ?? fitting;
  const zooming = useMemo<Zooming>(() => ({
    scale,
    by: (factor, around) => {
      const next = Math.max(least, Math.min(most, scale * factor));
      keepPoint(box.current!, around, next / scale, () => flushSync(() => setChosen(next)));
    },
    fit: () => setChosen(null),
    rotate: () => setTurns((n) => (n + 1) % 4),
    print: () => print(<img src={address} alt={file.name} />),
  }), [scale, print, address, file.name]);
  usePinch(box, zooming);
  if (broken) {
    return <Unknown {...props} why={w.brokenPicture} />;
  }
  return (
    <>
      <ZoomBar zooming={zooming} />
      <div className={css.area}>
        <div ref={box} className={css.scrolls} tabIndex={0} role="group" aria-label={file.name}>
          <div className={css.frame} style={{ width: width * scale, height: height * scale }}>
            {address && (
              <img
                src={address}
                alt={w.picture(file.name)}
                style={{ width: natural.width * scale, transform: `translate(-50%, -50%) rotate(${turns * 90}deg)` }}
                onLoad={(e) => setNatural({ width: e.currentTarget.naturalWidth, height: e.currentTarget.naturalHeight })}
                onError={() => setBroken(true)}
              />
            )}
          </div>
        </div>
      </div>
    </>
  );
}

/** Changes the size of what a box shows so that a point of it, else the middle, stays where it is. */
function keepPoint(box: HTMLElement, around: Point | undefined, factor: number, change: () => void): void {
  const { left, top, width, height } = box.getBoundingClientRect();
  const [x, y] = around ? [around[0] - left, around[1] - top] : [width / 2, height / 2];
  const [from, above] = [box.scrollLeft + x, box.scrollTop + y];
  change();
  box.scrollTo(from * factor - x, above * factor - y);
}
