const leastBytes = 32 * 1024;

/** Frees bytes that nobody needs any more at once: the collector leaves tens of MiB of them lying about. Small ones, and those that share memory, are left to it. */
export function letGo(bytes: Uint8Array): void {
  const isAlone = bytes.byteLength === bytes.buffer.byteLength && bytes.byteLength >= leastBytes;
  if (isAlone) (bytes.buffer as ArrayBuffer).transfer(0);
}
