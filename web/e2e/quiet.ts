import { until, type Demo } from './demo';

/** Waits until the people of the town hall have done their work of the beginning. */
export async function quiet(demo: Demo): Promise<void> {
  const head = async (): Promise<string> => (await demo.ask<{ registerHead: string }>(demo.person('Sara Bellini'), '{ registerHead }')).registerHead;
  await until('a quiet town hall', async () => {
    const before = await head();
    await new Promise((done) => setTimeout(done, 5_000));
    return before === await head();
  });
}
