import { useEffect } from 'react';

/** Keeps the screen on for as long as the component is there and the page is seen. */
export function useAwake(): void {
  useEffect(() => {
    let ended = false;
    let lock: WakeLockSentinel | undefined;
    const keep = async (): Promise<void> => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) {
        return;
      }
      try {
        lock = await navigator.wakeLock.request('screen');
      } catch {
        return; // low on battery, for instance: the figures go on all the same
      }
      if (ended) {
        void lock.release();
      }
    };
    void keep();
    document.addEventListener('visibilitychange', keep); // a page that is hidden loses it
    return () => {
      ended = true;
      document.removeEventListener('visibilitychange', keep);
      void lock?.release();
    };
  }, []);
}
