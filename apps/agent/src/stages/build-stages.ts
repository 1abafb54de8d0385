import type { Logger } from "@ratatosk/observability";
import type { StageEvents } from "./stage-events.ts";
import type { Stage } from "./stage.ts";

/** What stages need from the agent they run in. */
export interface StageParts {
  readonly job: string;
  readonly log: Logger;
  readonly events: StageEvents;
  readonly now: () => number;
}

/** A stage that has been checked and can be made, each job its own. */
export interface StageConfig {
  readonly name: string;
  build(parts: StageParts): Stage;
}
