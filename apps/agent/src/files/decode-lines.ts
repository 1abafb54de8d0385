import type { TextDecoder } from "node:util";
import type { Lines } from "../lines.ts";

/** The same lines in UTF-8; where they lie in the file stays what it was. */
export function decodeLines(lines: Lines, decoder: TextDecoder, consumed: number): Lines {
  const { bytes, starts, ends, count, base } = lines;
  const texts: Buffer[] = [];
  const newStarts = new Uint32Array(count);
  const newEnds = new Uint32Array(count);
  const offsets = new Float64Array(count + 1);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const text = decoder.decode(bytes.subarray(starts[i], ends[i]));
    const isMarked = base === 0 && i === 0 && decoder.encoding.startsWith("utf") && text.startsWith("\ufeff");
    const line = Buffer.from(isMarked ? text.slice(1) : text);
    texts.push(line);
    newStarts[i] = at;
    newEnds[i] = at + line.length;
    at += line.length;
    offsets[i] = base + starts[i]!;
  }
  offsets[count] = base + consumed;
  return { ...lines, bytes: Buffer.concat(texts), starts: newStarts, ends: newEnds, offsets };
}
