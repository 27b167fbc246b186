import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { ask } from '../api/ask';
import { BoardToApproveDocument, type BoardReplyFragment, type BoardToApproveQuery } from '../generated/graphql';

export const toApprove = ['replies', 'to approve'] as const;

/** The replies that wait for the viewer's approval, of whatever office: the oldest first. */
export function useToApprove(): UseQueryResult<readonly BoardReplyFragment[]> {
  return useQuery({
    queryKey: [...toApprove],
    queryFn: async ({ signal }) => {
      const all: BoardReplyFragment[] = [];
      for (let after: string | null = null; ; ) {
        const { replies }: BoardToApproveQuery = await ask(BoardToApproveDocument, { after }, signal);
        all.push(...replies.nodes);
        after = replies.pageInfo.endCursor;
        if (!replies.pageInfo.hasNextPage || after === null) {
          return all.reverse();
        }
      }
    },
  });
}
