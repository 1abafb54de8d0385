/** Colours of series in their order; they hold in light and dark. */
const colours = [
  "#3b82c4",
  "#d9822b",
  "#3a9d6e",
  "#b45fb0",
  "#c94f4f",
  "#5b6fd6",
  "#8f8a3c",
  "#2fa3a3",
  "#a0653a",
  "#7a7f87",
];

export const seriesColour = (index: number): string => colours[index % colours.length]!;
