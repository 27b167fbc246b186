import { createTheme, type MantineColorsTuple } from '@mantine/core';

// The blue of Italian public services, made darker where white text stands on it.
const blue: MantineColorsTuple = [
  '#e8f1fb', '#cfe1f5', '#9dc2ec', '#68a2e3', '#3f87db', '#2576d6', '#0066cc', '#005ab3', '#004f9e', '#003f80',
];

// For what takes something away: white text stands on it.
const red: MantineColorsTuple = [
  '#fdecee', '#f9d2d6', '#f0a3ab', '#e6717d', '#d84857', '#c42a3b', '#a8071a', '#b0263a', '#8f0a1b', '#740814',
];

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 6, dark: 7 },
  colors: { blue, red },
  fontFamily: "system-ui, 'Segoe UI', Roboto, Ubuntu, 'Noto Sans', sans-serif",
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
});
