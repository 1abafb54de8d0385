import { pino, type Logger } from "pino";
import { currentTrace } from "./trace.ts";

export type { Logger };

/** The process's logger: JSON lines on standard error, with the trace that they belong to. `onLine` is told the level of each line written. */
export function createLogger(level: string, onLine?: (level: string) => void): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const trace = currentTrace();
        return trace === undefined ? {} : { trace_id: trace.id };
      },
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        logMethod(args, write, number) {
          onLine?.(pino.levels.labels[number] ?? "info");
          write.apply(this, args);
        },
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
