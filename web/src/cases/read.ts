import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { askOrKept } from '../api/ask';
import { CaseReadDocument, type CaseReadQuery } from '../generated/graphql';
import { useHouse } from '../shell/house';

/** A case with its PECs, as the reader of one case has it. */
export type CaseRead = Extract<NonNullable<CaseReadQuery['node']>, { number: string }>;

/** A case as it is now; null when there is none or it is not to be seen. */
export function useCaseRead(id: string | null): UseQueryResult<CaseRead | null> {
  const { rows } = useHouse();
  return useQuery({
    queryKey: ['case', id],
    enabled: id !== null,
    queryFn: async ({ signal, queryKey }) => {
      const { node } = await askOrKept(queryKey, CaseReadDocument, { id: id! }, signal, mayKeep);
      if (!node || !('number' in node)) {
        return null;
      }
      const { messages: _, ...row } = node; // the list knows less of them, and that is enough for it
      rows.put(row);
      return node;
    },
  });
}

/** What is reserved is kept on no device. */
function mayKeep({ node }: CaseReadQuery): boolean {
  return node !== null && 'number' in node && !node.reserved;
}
