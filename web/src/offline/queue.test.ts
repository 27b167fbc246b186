import { expect, test } from 'vitest';
import { Unreachable } from '../api/ask';
import { Queue, type Deed, type DeedStore } from './queue';

const to = (office: string): Omit<Deed, 'id'> => ({
  act: { does: 'SORT', office: { id: office, name: office }, note: '' }, caseId: `case of ${office}`, version: 1, number: '2026/000001', subject: 's',
});

/** What outlives a page. */
function storeOf(deeds = new Map<number, Deed>()): DeedStore {
  return {
    deeds: () => Promise.resolve([...deeds.values()]),
    putDeed: (deed) => Promise.resolve(void deeds.set(deed.id, deed)),
    dropDeed: (id) => Promise.resolve(void deeds.delete(id)),
  };
}

test('deeds are done in their order, once, and by a page that comes later', async () => {
  const store = storeOf();
  const before = new Queue(store, () => Promise.reject(new Unreachable()));
  for (const office of ['tributi', 'edilizia', 'suap']) {
    await before.add(to(office));
  }
  expect(await before.replay()).toBe(0);
  const done: string[] = [];
  const after = new Queue(store, (deed) => Promise.resolve(void done.push(deed.caseId)));
  await after.load();
  expect(after.deeds).toHaveLength(3);
  await Promise.all([after.replay(), after.replay()]);
  await after.replay();
  expect(done).toEqual(['case of tributi', 'case of edilizia', 'case of suap']);
  expect(await store.deeds()).toEqual([]);
});

test('what is refused waits for the person and holds up nothing; a network that goes again keeps the rest', async () => {
  const store = storeOf();
  let answers = 0;
  const queue = new Queue(store, (deed) => {
    answers++;
    return deed.caseId === 'case of suap' ? Promise.reject(new Unreachable()) : Promise.resolve(deed.caseId === 'case of tributi' ? 'who was faster' : undefined);
  });
  for (const office of ['tributi', 'edilizia', 'suap', 'sociali']) {
    await queue.add(to(office));
  }
  expect(await queue.replay()).toBe(1);
  expect(queue.deeds.map((d) => [d.caseId, d.refused])).toEqual([['case of tributi', 'who was faster'], ['case of suap', undefined], ['case of sociali', undefined]]);
  await queue.replay();
  expect(answers).toBe(4); // what was refused is not tried by itself
});

test('what is taken back while others are done is not done', async () => {
  const store = storeOf();
  const done: string[] = [];
  const queue = new Queue(store, async (deed) => {
    done.push(deed.caseId);
    await queue.remove(queue.deeds.at(-1)!.id);
    return undefined;
  });
  await queue.add(to('tributi'));
  await queue.add(to('edilizia'));
  await queue.replay();
  expect(done).toEqual(['case of tributi']);
});

test('where nothing can be kept, what waits lives as long as the page', async () => {
  const nowhere: DeedStore = { deeds: () => Promise.resolve(undefined), putDeed: () => Promise.resolve(), dropDeed: () => Promise.resolve() };
  let reachable = false;
  const queue = new Queue(nowhere, () => (reachable ? Promise.resolve(undefined) : Promise.reject(new Unreachable())));
  await queue.add(to('tributi'));
  await queue.replay();
  expect(queue.deeds).toHaveLength(1);
  reachable = true;
  expect(await queue.replay()).toBe(1);
});
