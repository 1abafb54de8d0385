import { statfs } from "node:fs/promises";

/** Bytes by which the volume of a directory is fuller than it may be, percent; 0 where it is not. */
export async function bytesOverPercent(directory: string, percent: number): Promise<number> {
  const { bsize, blocks, bavail } = await statfs(directory);
  const used = (blocks - bavail) * bsize;
  return Math.max(0, Math.ceil(used - (blocks * bsize * percent) / 100));
}
