import { createTheme, type MantineColorsTuple } from '@mantine/core';

// The blue of Italian public services, made darker where white text stands on it.
const blue: MantineColorsTuple = [
  '#e8f1fb', '#cfe1f5', '#9dc2ec', '#68a2e3', '#3f87db', '#2576d6', '#0066cc', '#005ab3', '#004f9e', '#003f80',
];

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 6, dark: 7 },
  colors: { blue },
  fontFamily: "system-ui, 'Segoe UI', Roboto, Ubuntu, 'Noto Sans', sans-serif",
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
});
