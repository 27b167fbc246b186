// What all screens share: who is here, the register that is followed, the cases
// that are known, and the answers that are kept until an event makes them old.

import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { askOrKept, onLateAnswer, Refused } from '../api/ask';
import { endLeftSession, forgetOthers, signedInAgain } from '../api/session';
import { createApiClient } from '../api/socket';
import { OfficesDocument, ViewerDocument, type OfficesQuery, type ViewerQuery } from '../generated/graphql';
import { Register, type Liveness } from '../live/register';
import { Rows } from '../live/rows';
import { topicsOf, type Topic } from '../live/topics';
import { kept } from '../offline/kept';
import { rowsKeptAt } from '../offline/kept-rows';
import { Queue } from '../offline/queue';

export type Viewer = ViewerQuery['viewer'];
export type Office = OfficesQuery['offices']['nodes'][number];

interface House {
  viewer: Viewer;
  register: Register;
  rows: Rows;
  /** What was commanded without a network. */
  queue: Queue;
}

const Context = createContext<House | null>(null);

export function useHouse(): House {
  const house = useContext(Context);
  if (!house) {
    throw new Error('outside of <InHouse>');
  }
  return house;
}

/** Milliseconds in which many events make the same answers old only once. */
const gather = 200;

/** An answer stays true until an event says otherwise; while nothing is heard, it is old at once. */
export function createAnswers(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        gcTime: 10 * 60_000,
        retry: (failures, failure) => !(failure instanceof Refused) && failures < 3,
        refetchOnWindowFocus: false,
        networkMode: 'always', // a browser that thinks it is offline is not believed
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** Shows what is inside once it is known who is here, and keeps it true. */
export function InHouse({ answers, waiting, failed, children }: {
  answers: QueryClient;
  waiting: ReactNode;
  failed: (again: () => void) => ReactNode;
  children: ReactNode;
}) {
  return (
    <QueryClientProvider client={answers}>
      <Door waiting={waiting} failed={failed}>{children}</Door>
    </QueryClientProvider>
  );
}

function Door({ waiting, failed, children }: { waiting: ReactNode; failed: (again: () => void) => ReactNode; children: ReactNode }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['viewer'],
    queryFn: async ({ signal, queryKey }) => {
      await endLeftSession().catch(() => undefined);
      return askOrKept(queryKey, ViewerDocument, {}, signal, ownsDevice);
    },
    retry: false,
  });
  if (data) {
    return <Inside key={data.viewer.user.id} viewer={data.viewer}>{children}</Inside>;
  }
  return error ? failed(() => void refetch()) : waiting;
}

/** Nothing of who was here before may be seen by who is here now. */
function ownsDevice({ viewer }: ViewerQuery): boolean {
  void forgetOthers(viewer.user.id);
  return true;
}

function Inside({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  const register = useMemo(() => new Register((on) => createApiClient(on), signedInAgain), []);
  const rows = useMemo(() => new Rows(), []);
  const queue = useMemo(() => new Queue(kept, async (deed) => (await import('../offline/doing')).doAsWanted(deed, rows)), [rows]);
  const house = useMemo(() => ({ viewer, register, rows, queue }), [viewer, register, rows, queue]);
  return (
    <Context value={house}>
      <Following />
      {children}
    </Context>
  );
}

/** Follows the register, and lets kept answers know what has become old. */
function Following() {
  const { register, rows } = useHouse();
  const answers = useQueryClient();
  useEffect(() => {
    const end = new AbortController();
    const old = new Map<string, Topic>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      for (const topic of old.values()) {
        void answers.invalidateQueries({ queryKey: [...topic] });
      }
      old.clear();
    };
    const stop = register.listen({
      happened: (event) => {
        if ('case' in event && event.case && 'status' in event.case) {
          const looks = event.__typename === 'CaseChanged' && event.kind === 'CASE_LOOKED_AT';
          rows.put(looks ? { ...event.case, lookers: event.people } : event.case);
        }
        for (const topic of topicsOf(event)) {
          old.set(topic.join(' '), topic);
        }
        timer ??= setTimeout(tell, gather);
      },
      reset: () => void answers.invalidateQueries(),
    });
    const late = onLateAnswer((key) => void answers.invalidateQueries({ queryKey: key }));
    void rowsKeptAt().then((at) => at && register.heardLast(at));
    void register.follow(end.signal);
    return () => {
      stop();
      late();
      clearTimeout(timer);
      end.abort();
    };
  }, [register, rows, answers]);
  return null;
}

/** How true what is shown is, now. */
export function useLiveness(): Liveness {
  const { register } = useHouse();
  return useSyncExternalStore(register.watch, () => register.liveness);
}

/** The offices that work, by code: those that something can be sent to. */
export function useOpenOffices(): readonly Office[] {
  const all = useOffices();
  return useMemo(() => all.filter((o) => !o.closedAt), [all]);
}

/** All offices, by code; closed ones too, which old cases name. */
export function useOffices(enabled = true): readonly Office[] {
  const { data } = useQuery({
    enabled,
    queryKey: ['offices'],
    queryFn: async ({ signal }) => {
      const all: Office[] = [];
      for (let after: string | null = null; ; ) {
        const { offices }: OfficesQuery = await askOrKept(['offices', after], OfficesDocument, { after }, signal);
        all.push(...offices.nodes);
        after = offices.pageInfo.endCursor;
        if (!offices.pageInfo.hasNextPage || after === null) {
          return all;
        }
      }
    },
  });
  return data ?? none;
}

const none: readonly Office[] = [];

/** What the viewer is here. */
export interface Roles {
  sorter: boolean;
  administrator: boolean;
  auditor: boolean;
  /** Offices that he heads, or stands in for the head of. */
  heads: readonly Office[];
  /** Offices that he works in. */
  works: readonly Office[];
}

export function useRoles(): Roles {
  const { viewer } = useHouse();
  return useMemo(() => {
    const now = new Date().toISOString();
    const current = viewer.user.memberships.nodes.filter((m) => (m.from ?? '') <= now && now < (m.until ?? '9'));
    return {
      sorter: viewer.user.sorter ?? false,
      administrator: viewer.user.administrator ?? false,
      auditor: viewer.user.auditor ?? false,
      heads: current.filter((m) => m.role !== 'OPERATOR').map((m) => m.office),
      works: current.map((m) => m.office),
    };
  }, [viewer]);
}
