/** Bytes by how common they are in logs, the most common first; all that are missing are rare. */
const common = " 0123456789etaoinsrl-.:\"/cdpumhgfb,=_[]\\{}xTkvwy|)(+&ZqzjAEISRNDOLCPMUGHBFVWKXY?%;'#@*J!Q\t\n<>$~^`";

/** How common a byte is: 255 for a space, 0 for one that logs hardly hold. */
const weights = new Uint8Array(256);
for (let rank = 0; rank < common.length; rank++) weights[common.charCodeAt(rank)] = 255 - 2 * rank;

/** The positions of the two least common bytes, in order; the same twice where there is one byte. */
export function pairOf(bytes: Uint8Array, ignoreCase: boolean): [number, number] {
  const weight = (at: number): number => (ignoreCase ? eitherCase(bytes[at]!) : weights[bytes[at]!]!);
  const byWeight = Array.from(bytes.keys()).sort((a, b) => weight(a) - weight(b) || a - b);
  const first = byWeight[0] ?? 0;
  const second = byWeight.find((at) => bytes[at] !== bytes[first]) ?? byWeight[1] ?? first;
  return first < second ? [first, second] : [second, first];
}

/** A search that ignores case takes bytes that differ in bit 5 for the same. */
const eitherCase = (byte: number): number => Math.max(weights[byte]!, weights[byte ^ 0x20]!);
