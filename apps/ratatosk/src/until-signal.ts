const lingerMs = 1000;

/** Resolves with the name of the first SIGINT or SIGTERM; a second one ends the process at once. */
export async function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      resolve(signal);
      process.once("SIGINT", () => process.exit(1)).once("SIGTERM", () => process.exit(1));
    };
    process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  });
}

/** Ends this process though something is open still, such as a connection to a host that has gone: all is stopped. */
export function endSoon(): void {
  setTimeout(() => process.exit(0), lingerMs).unref();
}

/** Asks this process to stop, as a signal from outside would. */
export function askToStop(): void {
  process.kill(process.pid, "SIGTERM");
}
