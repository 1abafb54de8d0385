/** Bits of a byte string, the highest first, across pieces that come one after the other. */
class BitReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  #at = 0;
  #byte = 0;
  #left = 0;
  isEnd = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** Whether at least a block's worth of input lies in memory, so that `bits` need not wait. */
  async fill(bytes: number): Promise<void> {
    while (!this.isEnd && this.#piece.length - this.#at < bytes) {
      const next = await this.#pieces.next();
      if (next.done) this.isEnd = true;
      else this.#piece = Buffer.concat([this.#piece.subarray(this.#at), next.value]);
      if (!next.done) this.#at = 0;
    }
  }

  get isEmpty(): boolean {
    return this.isEnd && this.#at >= this.#piece.length;
  }

  align(): void {
    this.#left = 0;
  }

  bit(): number {
    if (this.#left === 0) {
      if (this.#at >= this.#piece.length) throw new Error("bzip2: unexpected end of data");
      this.#byte = this.#piece[this.#at++]!;
      this.#left = 8;
    }
    return (this.#byte >> --this.#left) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }
}

const blockMagic = 0x314159265359;
const endMagic = 0x177245385090;
const groupSymbols = 50;
/** No compressed block is longer than this. */
const maxBlockInput = 1_200_000;

/** The content of bzip2 data, a block at a time; several streams one after the other are read through. */
export async function* bunzip2(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const input = new BitReader(source);
  for (let isFirst = true; ; isFirst = false) {
    await input.fill(maxBlockInput);
    if (!isFirst && input.isEmpty) return;
    if (input.bits(24) !== 0x425a68) throw new Error("bzip2: bad magic value");
    const level = input.bits(8) - 0x30;
    if (level < 1 || level > 9) throw new Error("bzip2: invalid compression level");
    for (;;) {
      await input.fill(maxBlockInput);
      const magic = input.bits(48);
      if (magic === endMagic) break;
      if (magic !== blockMagic) throw new Error("bzip2: bad block magic");
      yield readBlock(input, level * 100_000);
    }
    input.bits(32);
    input.align();
  }
}

function readBlock(input: BitReader, maxBytes: number): Buffer {
  input.bits(32);
  if (input.bit() === 1) throw new Error("bzip2: deprecated randomized files are not supported");
  const origin = input.bits(24);
  const symbols = readSymbols(input);
  const [selectors, tables] = readTables(input, symbols.length + 2);
  const { bytes, counts } = readCodes(input, { symbols, selectors, tables, maxBytes });
  if (origin >= bytes.length) throw new Error("bzip2: origin pointer out of bounds");
  return runLengths(untransform(bytes, counts), origin);
}

function readSymbols(input: BitReader): number[] {
  const ranges = input.bits(16);
  const symbols: number[] = [];
  for (let high = 0; high < 16; high++) {
    if ((ranges & (0x8000 >> high)) === 0) continue;
    const present = input.bits(16);
    for (let low = 0; low < 16; low++) if (present & (0x8000 >> low)) symbols.push(high * 16 + low);
  }
  if (symbols.length === 0) throw new Error("bzip2: no symbols in input");
  return symbols;
}

interface HuffmanTable {
  /** Per length the first code, and where its symbols begin. */
  readonly limit: Int32Array;
  readonly base: Int32Array;
  readonly symbols: Uint16Array;
}

function readTables(input: BitReader, alphabet: number): [selectors: number[], tables: HuffmanTable[]] {
  const tableCount = input.bits(3);
  if (tableCount < 2 || tableCount > 6) throw new Error("bzip2: invalid number of trees");
  const selectorCount = input.bits(15);
  const order = Array.from({ length: tableCount }, (_, i) => i);
  const selectors = Array.from({ length: selectorCount }, () => {
    let rank = 0;
    while (input.bit() === 1) rank++;
    if (rank >= tableCount) throw new Error("bzip2: tree index too large");
    const [picked] = order.splice(rank, 1) as [number];
    order.unshift(picked);
    return picked;
  });
  return [selectors, Array.from({ length: tableCount }, () => readTable(input, alphabet))];
}

function readTable(input: BitReader, alphabet: number): HuffmanTable {
  let length = input.bits(5);
  const lengths = Array.from({ length: alphabet }, () => {
    while (input.bit() === 1) {
      length += input.bit() === 1 ? -1 : 1;
      if (length < 1 || length > 20) throw new Error("bzip2: Huffman length out of range");
    }
    return length;
  });
  const symbols = Uint16Array.from(
    lengths.map((_, symbol) => symbol).sort((a, b) => lengths[a]! - lengths[b]! || a - b),
  );
  const limit = new Int32Array(22).fill(-1);
  const base = new Int32Array(22);
  let code = 0;
  let index = 0;
  for (let size = 1; size <= 20; size++) {
    base[size] = index - code;
    const count = lengths.filter((one) => one === size).length;
    code += count;
    index += count;
    limit[size] = code - 1;
    code *= 2;
  }
  return { limit, base, symbols };
}

function readSymbol(input: BitReader, { limit, base, symbols }: HuffmanTable): number {
  let code = 0;
  for (let size = 1; size <= 20; size++) {
    code = code * 2 + input.bit();
    const at = code + base[size]!;
    if (code <= limit[size]! && at < symbols.length) return symbols[at]!;
  }
  throw new Error("bzip2: invalid Huffman code");
}

interface Coding {
  readonly symbols: number[];
  readonly selectors: readonly number[];
  readonly tables: readonly HuffmanTable[];
  readonly maxBytes: number;
}

/** Huffman codes, move-to-front and runs of the most recent byte. */
function readCodes(input: BitReader, coding: Coding): { bytes: Uint8Array; counts: Uint32Array } {
  const { selectors, tables, maxBytes } = coding;
  const recent = coding.symbols.slice();
  const bytes = new Uint8Array(maxBytes);
  const counts = new Uint32Array(256);
  const end = recent.length + 1;
  let length = 0;
  let [run, runBit] = [0, 1];
  for (let i = 0; ; i++) {
    const selector = selectors[Math.floor(i / groupSymbols)];
    if (selector === undefined) throw new Error("bzip2: insufficient selectors");
    const symbol = readSymbol(input, tables[selector]!);
    if (symbol <= 1) {
      run += runBit << symbol;
      runBit *= 2;
      if (run > maxBytes) throw new Error("bzip2: repeat count too large");
      continue;
    }
    if (length + run > maxBytes) throw new Error("bzip2: data exceeds block size");
    bytes.fill(recent[0]!, length, length + run);
    counts[recent[0]!]! += run;
    length += run;
    [run, runBit] = [0, 1];
    if (symbol === end) return { bytes: bytes.subarray(0, length), counts };
    const [picked] = recent.splice(symbol - 1, 1) as [number];
    recent.unshift(picked);
    if (length >= maxBytes) throw new Error("bzip2: data exceeds block size");
    bytes[length++] = picked;
    counts[picked]! += 1;
  }
}

/** The Burrows-Wheeler transform undone as a list: per position the byte, and above it the next position. */
function untransform(bytes: Uint8Array, counts: Uint32Array): Uint32Array {
  let sum = 0;
  const links = new Uint32Array(bytes.length);
  const from = counts.map((count) => (sum += count) - count);
  for (const [i, byte] of bytes.entries()) links[from[byte]!++]! |= i << 8;
  for (const [i, byte] of bytes.entries()) links[i]! |= byte;
  return links;
}

/** Follows the list; four equal bytes are followed by how often the byte comes again. */
function runLengths(links: Uint32Array, origin: number): Buffer {
  let out = Buffer.allocUnsafe(links.length * 2);
  let length = 0;
  let at = links[origin]! >>> 8;
  let [last, repeats] = [-1, 0];
  for (let i = 0; i < links.length; i++) {
    const link = links[at]!;
    const byte = link & 0xff;
    at = link >>> 8;
    const size = repeats === 4 ? byte : 1;
    if (length + size > out.length) out = Buffer.concat([out, Buffer.allocUnsafe(out.length)]);
    out.fill(repeats === 4 ? last : byte, length, length + size);
    length += size;
    if (repeats === 4) [last, repeats] = [-1, 0];
    else [last, repeats] = byte === last ? [last, repeats + 1] : [byte, 1];
  }
  return out.subarray(0, length);
}
