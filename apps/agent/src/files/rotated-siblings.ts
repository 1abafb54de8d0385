import { closeSync, fstatSync, openSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { inodeKey } from "./file-identity.ts";

/** A file beside the path whose name begins with that of the path. */
interface Sibling {
  readonly path: string;
  readonly inode: string;
  /** When it took the path's name: when it was made, or last written where the file system does not say. */
  readonly sinceNs: bigint;
  /** Named as rotation names: a number or a date behind the path's name, or `old`. Compressed files are not read so. */
  readonly isRotated: boolean;
}

/** A file that was open for reading, its inode checked: rotation may rename between a look and an open. */
export interface OpenSibling {
  readonly fd: number;
  readonly inode: string;
}

const rotationSuffix = /^[.\-_~](?:\d[\d\-_T:.]*|old)$/;
const mostTries = 5;

/**
 * Opens the file with `inode` that once had the path's name, and those that took the name after it and lost it again,
 * oldest first. None where the first is no longer there: what came after it cannot be told then.
 */
export function openRotatedSince(path: string, inode: string, current: string): OpenSibling[] {
  const siblings = siblingsOf(path);
  const first = siblings.findIndex((one) => one.inode === inode);
  if (first < 0) return [];
  const later = siblings.slice(first + 1).filter((one) => one.isRotated && one.sinceNs > siblings[first]!.sinceNs);
  const wanted = [siblings[first]!, ...later].filter((one) => one.inode !== current);
  return wanted.flatMap((one) => openByInode(path, one.inode) ?? []);
}

function openByInode(path: string, inode: string): OpenSibling | undefined {
  for (let tries = 0; tries < mostTries; tries++) {
    const sibling = siblingsOf(path).find((one) => one.inode === inode);
    if (sibling === undefined) return undefined;
    const fd = openIfThere(sibling.path);
    if (fd === undefined) continue;
    if (inodeKey(fstatSync(fd)) === inode) return { fd, inode };
    closeSync(fd);
  }
  return undefined;
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Oldest first. */
function siblingsOf(path: string): Sibling[] {
  const [directory, base] = [dirname(path), basename(path)];
  const found = readdirSync(directory)
    .filter((name) => name !== base && name.startsWith(base))
    .flatMap((name): Sibling[] => {
      const sibling = join(directory, name);
      const stat = statSync(sibling, { throwIfNoEntry: false, bigint: true });
      if (stat === undefined || !stat.isFile()) return [];
      const isRotated = rotationSuffix.test(name.slice(base.length));
      return [
        { path: sibling, inode: `${stat.dev}:${stat.ino}`, sinceNs: stat.birthtimeNs || stat.mtimeNs, isRotated },
      ];
    });
  return found.sort((a, b) => (a.sinceNs < b.sinceNs ? -1 : a.sinceNs > b.sinceNs ? 1 : 0));
}
