/** Matches end at least this many bytes before the end, as LZ4 demands. */
const tailBytes: usize = 5;
/** And start at least this many before it. */
const startMargin: usize = 12;
const hashBits: u32 = 14;
const maxOffset: usize = 0xffff;

/** By the hash of four bytes: where they were last seen, or 0. */
const seen = memory.data(4 << 14, 16);

/** Where the match that was found starts, how far back it lies, and its bytes. */
export let matchStart: usize = 0;
export let matchOffset: usize = 0;
export let matchLength: usize = 0;

let inputStart: usize = 0;
let inputEnd: usize = 0;

/** Begins with another input. */
export function findMatchesIn(input: usize, inputBytes: usize): void {
  inputStart = input;
  inputEnd = input + inputBytes;
  memory.fill(seen, 0, 4 << hashBits);
}

/** The next match of at least four bytes that starts at `anchor` or later; false where there is none. */
export function nextMatch(anchor: usize): bool {
  let probes: usize = 32;
  for (let at = anchor; at + startMargin < inputEnd; at += probes++ >> 5) {
    const four = load<u32>(at);
    const candidate = see(four, at);
    if (candidate == 0 || at - candidate > maxOffset || load<u32>(candidate) != four) continue;
    extend(anchor, at, candidate);
    return true;
  }
  return false;
}

@inline
function extend(anchor: usize, start: usize, candidate: usize): void {
  const end = start + 4 + sameBytes(start + 4, candidate + 4);
  while (start > anchor && candidate > inputStart && load<u8>(start - 1) == load<u8>(candidate - 1)) {
    start--;
    candidate--;
  }
  matchStart = start;
  matchOffset = start - candidate;
  matchLength = end - start;
  see(load<u32>(end - 2), end - 2);
}

/** How many bytes are the same here and there, short of the tail. */
@inline
function sameBytes(here: usize, there: usize): usize {
  const limit = inputEnd - tailBytes;
  let at = here;
  for (; at + 8 <= limit; at += 8, there += 8) {
    const difference = load<u64>(at) ^ load<u64>(there);
    if (difference != 0) return at - here + <usize>(ctz(difference) >> 3);
  }
  for (; at < limit && load<u8>(at) == load<u8>(there); there++) at++;
  return at - here;
}

/** Remembers the place of four bytes and returns the one before it. */
@inline
function see(four: u32, at: usize): usize {
  const slot = seen + (<usize>((four * 0x9e3779b1) >> (32 - hashBits)) << 2);
  const before = load<u32>(slot);
  store<u32>(slot, <u32>at);
  return before;
}
