import { render, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { expect, test } from 'vitest';
import { lazy } from './lazily';

test('a part that cannot be had just now is waited for, and takes nothing with it', async () => {
  let tries = 0;
  const Part = lazy(async () => {
    if (++tries < 3) {
      throw new TypeError('Failed to fetch dynamically imported module');
    }
    return { default: () => <p>the part</p> };
  });
  render(<><p>the page</p><Suspense fallback={<p>a moment</p>}><Part /></Suspense></>);
  await screen.findByText('a moment');
  await screen.findByText('the part', {}, { timeout: 6_000 });
  screen.getByText('the page');
  expect(tries).toBe(3);
}, 10_000);
