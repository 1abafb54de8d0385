const paths = {
  play: "M5 3.5v9l7-4.5z",
  stop: "M4 4h8v8H4z",
  pause: "M4.5 3.5h2.5v9H4.5zM9 3.5h2.5v9H9z",
  clock:
    "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 1.4a4.6 4.6 0 1 1 0 9.2 4.6 4.6 0 0 1 0-9.2zM7.4 4.8v3.5l2.6 1.5.6-1-2-1.2V4.8z",
  left: "M10 3 5 8l5 5 1-1-4-4 4-4z",
  right: "M6 3l5 5-5 5-1-1 4-4-4-4z",
  out: "M7 2.5a4.5 4.5 0 1 0 2.7 8.1l3 3 1-1-3-3A4.5 4.5 0 0 0 7 2.5zm0 1.4a3.1 3.1 0 1 1 0 6.2 3.1 3.1 0 0 1 0-6.2zM5.2 6.4v1.2h3.6V6.4z",
  live: "M8 6.2A1.8 1.8 0 1 0 8 9.8 1.8 1.8 0 0 0 8 6.2zM4.6 4.6a4.8 4.8 0 0 0 0 6.8l.9-.9a3.5 3.5 0 0 1 0-5zm6.8 0-.9.9a3.5 3.5 0 0 1 0 5l.9.9a4.8 4.8 0 0 0 0-6.8z",
  more: "M3 7h2v2H3zM7 7h2v2H7zM11 7h2v2h-2z",
  close: "M4 3 3 4l4 4-4 4 1 1 4-4 4 4 1-1-4-4 4-4-1-1-4 4z",
  copy: "M5 2h7v9h-1.3V3.3H5zM3 4.5h7V14H3zm1.3 1.3v6.9h4.4V5.800z",
  plus: "M7.3 3h1.4v4.300H13v1.400H8.700V13H7.300V8.700H3V7.300h4.300z",
  minus: "M3 7.300h10v1.400H3z",
  share:
    "M11 2.500a2 2 0 0 0-2 2.500L6 6.600a2 2 0 1 0 0 2.800l3 1.600a2 2 0 1 0 .6-1.200L6.700 8.300v-.6l2.900-1.500A2 2 0 1 0 11 2.500z",
  history:
    "M8 2.500a5.500 5.500 0 0 0-4.800 2.800L2 4v4h4L4.300 6.300A4 4 0 1 1 4 9H2.600A5.500 5.500 0 1 0 8 2.500zM7.300 5v3.500l2.500 1.500.6-1-1.900-1.200V5z",
  down: "M8 11 3 6l1-1 4 4 4-4 1 1z",
} as const;

/** A small drawing beside or instead of a word; said by its button's name, not by itself. */
export const Icon = ({ name }: { readonly name: keyof typeof paths }) => (
  <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d={paths[name]} fill="currentColor" />
  </svg>
);
