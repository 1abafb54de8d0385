/** `ratatosk agent`: the agent with flags of its own, those of Promtail; its exit code. */
export async function runAgent(_flags: readonly string[]): Promise<number> {
  return 1;
}
