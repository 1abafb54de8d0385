import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export interface Corpus {
  readonly name: string;
  /** Ends in a line feed. */
  readonly text: Buffer;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const loghub = join(resolve(root, process.env["RATATOSK_SHARED"] ?? "../shared"), "data/loghub");
const names = ["Android", "Apache", "BGL", "HDFS", "HPC", "Hadoop", "HealthApp", "Linux"];
const moreNames = ["Mac", "OpenSSH", "OpenStack", "Proxifier", "Spark", "Thunderbird", "Windows", "Zookeeper"];

/** The 16 files of loghub where they are, else as many files of made-up lines. */
export function corpora(): Corpus[] {
  if (!existsSync(loghub)) return [...names, ...moreNames].map((name, i) => ({ name, text: madeUp(i, 2000) }));
  return readdirSync(loghub)
    .filter((file) => file.endsWith(".log"))
    .map((file) => ({ name: file.replace(/_2k\.log$/, ""), text: withLineFeed(readFileSync(join(loghub, file))) }));
}

function withLineFeed(text: Buffer): Buffer {
  return text.at(-1) === 0x0a ? text : Buffer.concat([text, Buffer.from("\n")]);
}

/** Lines with what breaks careless programs: repeats, tabs, quotes, carriage returns, other scripts, long ones. */
export function madeUp(seed: number, count: number): Buffer {
  const lines = Array.from({ length: count }, (_, i) => {
    const stem = `2026-01-15T10:00:00Z level=info msg="request ${(i * 7919 + seed) % 1000}" trace=${(i * 2654435761) >>> 0}`;
    if (i % 97 === 0) return `${stem}\t"quoted" \\ back\r`;
    if (i % 89 === 0) return `${stem} Ærøskøbing 日本語 🦫`;
    if (i % 83 === 0) return "the same line again";
    return i % 401 === 0 ? stem.repeat(40) : stem;
  });
  return Buffer.from(`${lines.join("\n")}\n`);
}

/** The lines of a text that ends in a line feed. */
export function linesOf(text: Buffer): string[] {
  return text.toString("utf8").slice(0, -1).split("\n");
}
