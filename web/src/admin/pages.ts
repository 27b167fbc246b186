/** One page of many things, as connections give it. */
export interface Page<N> {
  nodes: readonly N[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** All things, page after page: for what a house has tens or hundreds of. */
export async function allPages<N>(read: (after: string | null) => Promise<Page<N>>): Promise<N[]> {
  const all: N[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page<N> = await read(after);
    all.push(...page.nodes);
    after = page.pageInfo.endCursor ?? null;
    if (!page.pageInfo.hasNextPage || after === null) {
      return all;
    }
  }
}
