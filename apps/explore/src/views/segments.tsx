import type { Segment } from "../lines/segments.ts";

/** Pieces of a line, each as text. */
export const Segments = ({ segments }: { readonly segments: readonly Segment[] }) => (
  <>
    {segments.map(({ text, style }, i) =>
      style === "" ? (
        text
      ) : (
        <span key={i} class={style}>
          {text}
        </span>
      ),
    )}
  </>
);
