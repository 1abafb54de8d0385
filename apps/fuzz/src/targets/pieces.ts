/** Bytes in pieces, each after its length (u32): how the parts of a format whose checksums hide them are kept as samples. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    pieces.flatMap((piece) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(piece.length);
      return [length, piece];
    }),
  );
}

/** Exactly so many pieces, whatever the lengths say. */
export function splitPieces(input: Uint8Array, count: number): Uint8Array[] {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length);
  let at = 0;
  return Array.from({ length: count }, () => {
    const length = at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0;
    const from = Math.min(at + 4, bytes.length);
    at = Math.min(from + length, bytes.length);
    return input.slice(from, at);
  });
}
