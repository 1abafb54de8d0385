import { Registry } from "@ratatosk/observability";
import { FileEvents } from "../../files/file-events.ts";
import type { Outlet } from "../../lines.ts";
import type { Positions } from "../../positions.ts";
import type { RelabelRule } from "../../relabel.ts";
import type { SourceEvents } from "../../sources/source-events.ts";
import type { SourceParts } from "../../sources/source.ts";
import { TargetEvents } from "../../target-events.ts";
import type { ComponentContext } from "../component.ts";
import type { Shared } from "../shared.ts";

/** What the agent's sources need, for a component; their counters are shown under the component's names. */
export function sourceParts(
  { id, log, shared }: ComponentContext<Shared>,
  own: { outlet: Outlet; relabelRules: readonly RelabelRule[]; positions: Positions; events: SourceEvents },
): SourceParts {
  const { events, ...parts } = own;
  const unseen = new Registry();
  return {
    ...parts,
    job: id,
    log,
    fileEvents: new FileEvents(log, unseen),
    targetEvents: new TargetEvents(unseen),
    sourceEvents: events,
    reader: shared.reader,
    scanner: shared.scanner,
    clock: shared.clock,
    durable: () => shared.durable(),
  };
}
