import type { ResourceLogs } from "./logs.ts";

/** How many records there are. */
export const countOf = (logs: readonly ResourceLogs[]): number =>
  logs.flatMap(({ scopeLogs = [] }) => scopeLogs).reduce((sum, { logRecords = [] }) => sum + logRecords.length, 0);

/** The records from one number up to another, each under its resource and scope. */
export function recordsBetween(logs: readonly ResourceLogs[], from: number, to: number): ResourceLogs[] {
  let passed = 0;
  return logs.flatMap(({ scopeLogs = [], ...resource }) => {
    const scopes = scopeLogs.flatMap(({ logRecords = [], ...scope }) => {
      const chosen = logRecords.slice(Math.max(0, from - passed), Math.max(0, to - passed));
      passed += logRecords.length;
      return chosen.length > 0 ? [{ ...scope, logRecords: chosen }] : [];
    });
    return scopes.length > 0 ? [{ ...resource, scopeLogs: scopes }] : [];
  });
}
