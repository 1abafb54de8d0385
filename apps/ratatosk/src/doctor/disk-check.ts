import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { printSize } from "../client/print.ts";
import { examine, type Finding } from "./finding.ts";

const fewPercent = 10;
const leastPercent = 3;

/** Whether a directory, or the one that it will be made in, can be written, and how full its volume is. */
export function checkDirectory(directory: string, use: string): Promise<Finding[]> {
  return examine("permissions", `let this user write into ${directory} (${use})`, async () => {
    const there = await nearest(resolve(directory));
    await access(there, constants.R_OK | constants.W_OK | constants.X_OK);
    const { bavail, blocks, bsize } = await statfs(there);
    const percent = blocks > 0 ? (bavail / blocks) * 100 : 100;
    const what = `${directory} (${use}): ${printSize(bavail * bsize)} free, ${percent.toFixed(0)}%`;
    if (percent >= fewPercent) return [{ state: "ok", about: "disk", what }];
    return [
      {
        state: percent < leastPercent ? "problem" : "warning",
        about: "disk",
        what,
        advice: "make room, or set compactor.retention_max_disk_percent: a full disk refuses pushes",
      },
    ];
  });
}

/** Whether a file of the configuration can be read. */
export function checkFile(path: string, use: string): Promise<Finding[]> {
  return examine("permissions", `let this user read ${path} (${use})`, async () => {
    await access(path, constants.R_OK);
    return [{ state: "ok", about: "permissions", what: `${path} (${use}) can be read` }];
  });
}

async function nearest(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found?.isDirectory()) return at;
    if (found !== undefined) throw new Error(`${at} is no directory`);
    if (at === dirname(at)) return at;
  }
}
