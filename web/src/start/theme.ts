import { createTheme, type MantineColorsTuple } from '@mantine/core';

// The blue of Italian public services, made darker where white text stands on it.
const blue: MantineColorsTuple = [
  '#e8f1fb', '#cfe1f5', '#9dc2ec', '#68a2e3', '#3f87db', '#2576d6', '#0066cc', '#005ab3', '#004f9e', '#003f80',
];

// For what takes something away: white text stands on it.
const red: MantineColorsTuple = [
  '#fdecee', '#f9d2d6', '#f0a3ab', '#e6717d', '#d84857', '#c42a3b', '#a8071a', '#b0263a', '#8f0a1b', '#740814',
];

// Edges of fields and buttons stand out at 3:1, in both modes; the dark is that of the house.
const gray: MantineColorsTuple = [
  '#f8f9fa', '#f1f3f5', '#e9ecef', '#dee2e6', '#8496a6', '#6b7c8c', '#5c6b7a', '#495057', '#343a40', '#212529',
];
const dark: MantineColorsTuple = [
  '#e6edf3', '#c4d0da', '#a9b8c6', '#8fa1b2', '#5d7284', '#3a4b5c', '#1a2632', '#101820', '#0c131a', '#080d12',
];

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 6, dark: 7 },
  colors: { blue, dark, gray, red },
  fontFamily: "system-ui, 'Segoe UI', Roboto, Ubuntu, 'Noto Sans', sans-serif",
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
});
