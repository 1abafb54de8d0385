/** Copies sixteen bytes at a time, up to fifteen beyond the end. */
@inline
export function wideCopy(to: usize, from: usize, length: usize): void {
  const end = to + length;
  while (to < end) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
}

/** Repeats what was written `offset` bytes ago, up to fifteen bytes beyond the end; the copy may overlap itself. */
@inline
export function copyBack(to: usize, offset: usize, length: usize): void {
  if (offset >= 16) wideCopy(to, to - offset, length);
  else if (offset >= 8) {
    const end = to + length;
    for (; to < end; to += 8) store<u64>(to, load<u64>(to - offset));
  } else {
    const end = to + length;
    for (; to < end; to++) store<u8>(to, load<u8>(to - offset));
  }
}
