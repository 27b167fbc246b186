// What stands beside the PECs of a case, each asked for by itself, so that a note
// does not wait for a hundred receipts.

import { useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { ask } from '../api/ask';
import {
  CaseFolderDocument, CaseMoreMessagesDocument, CaseReplyCardsDocument, SentProofDocument, type CaseFolderQuery, type MessageShownFragment, type ProvenFragment,
  type ReceiptFragment, type ReplyShownFragment,
} from '../generated/graphql';

export type Folder = Extract<NonNullable<CaseFolderQuery['node']>, { terms: unknown }>;
export type Term = Folder['terms'][number];
export type Inquiry = Folder['inquiries']['nodes'][number];

export function useFolder(id: string): UseQueryResult<Folder | null> {
  return useQuery({
    queryKey: ['case', id, 'folder'],
    queryFn: async ({ signal }) => {
      const { node } = await ask(CaseFolderDocument, { id }, signal);
      return node && 'terms' in node ? node : null;
    },
  });
}

/** What we write on a case, the newest first. */
export function useReplies(id: string): UseQueryResult<readonly ReplyShownFragment[]> {
  return useQuery({
    queryKey: ['replies', 'case', id],
    queryFn: async ({ signal }) => {
      const { node } = await ask(CaseReplyCardsDocument, { id }, signal);
      return node && 'replies' in node ? node.replies.nodes : [];
    },
  });
}

/** The e-mails of a case after its first ones. */
export function useMoreMessages(id: string, after: string | null, wanted: boolean): { messages: readonly MessageShownFragment[]; more: boolean; read(): void } {
  const { data, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['case', id, 'more messages', after],
    enabled: wanted && after !== null,
    queryFn: async ({ pageParam, signal }) => {
      const { node } = await ask(CaseMoreMessagesDocument, { id, after: pageParam }, signal);
      return node && 'messages' in node ? node.messages : null;
    },
    initialPageParam: after,
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
  return { messages: data?.pages.flatMap((p) => p?.nodes ?? []) ?? [], more: hasNextPage, read: () => void fetchNextPage() };
}

/** How far a PEC of ours came that was not written here: it stood in a folder of sent mail. */
export function useSentProof(messageId: string): { recipients: readonly ProvenFragment[]; receipts: readonly ReceiptFragment[] } | undefined {
  const { data } = useQuery({
    queryKey: ['receipts', messageId],
    queryFn: async ({ signal }) => {
      const { node } = await ask(SentProofDocument, { id: messageId }, signal);
      return node && 'receipts' in node ? { recipients: node.deliveryStatus, receipts: node.receipts.nodes } : undefined;
    },
  });
  return data;
}
