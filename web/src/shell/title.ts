import { useEffect } from 'react';

/** Names the page by what is on it: for who has it among other tabs, and who hears it. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} – Smista` : 'Smista';
  }, [title]);
}
