// How a reply is come to: its id stands in the address of its case's page.

import { useCallback } from 'react';
import { useLocation } from 'wouter';

/** Opens a reply on the page that is there; none closes what is open. */
export function useOpenReply(): (id: string | null) => void {
  const [, navigate] = useLocation();
  return useCallback((id) => {
    const said = new URLSearchParams(location.search);
    if (id === null) {
      said.delete('reply');
    } else {
      said.set('reply', id);
    }
    navigate(`${location.pathname}${said.size > 0 ? `?${said}` : ''}`);
  }, [navigate]);
}
