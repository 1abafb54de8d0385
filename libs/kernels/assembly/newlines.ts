/** Writes `base` + the position of each `\n` to `out`; returns how many there are. */
export function newlines(bytes: usize, length: usize, base: u32, out: usize): u32 {
  let to = out;
  for (let at: usize = 0; at < length; at += 64) {
    let found = newlinesIn64(bytes + at);
    if (length - at < 64) found &= (<u64>1 << <u64>(length - at)) - 1;
    for (; found != 0; found &= found - 1) {
      store<u32>(to, base + <u32>at + <u32>ctz(found));
      to += 4;
    }
  }
  return <u32>((to - out) >> 2);
}

/** A bit for each of 64 bytes. */
@inline
function newlinesIn64(at: usize): u64 {
  return (
    newlinesIn16(at) | (newlinesIn16(at + 16) << 16) | (newlinesIn16(at + 32) << 32) | (newlinesIn16(at + 48) << 48)
  );
}

@inline
function newlinesIn16(at: usize): u64 {
  return <u64>i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(10)));
}
