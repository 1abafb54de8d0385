/** `ratatosk agent`: the agent with flags of its own, those of Promtail; its exit code. */
export { runAgent } from "@ratatosk/agent";
