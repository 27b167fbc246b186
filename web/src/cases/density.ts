import { useLocalStorage } from '@mantine/hooks';

export type Density = 'roomy' | 'compact';

/** How tightly rows of cases stand, as the person wants it. */
export function useDensity(): [Density, (density: Density) => void] {
  const [density, set] = useLocalStorage<Density>({ key: 'smista.density', defaultValue: 'roomy', getInitialValueInEffect: false });
  return [density === 'compact' ? 'compact' : 'roomy', set];
}
