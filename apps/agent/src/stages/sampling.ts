import type { StageConfig } from "./build-stages.ts";

export interface SamplingOptions {
  readonly rate: number;
  readonly dropCounterReason?: string;
}

/** `sampling`: keeps a share of the entries, by chance. */
export function samplingStage({ rate, dropCounterReason = "sampling_stage" }: SamplingOptions): StageConfig["build"] {
  if (!(rate >= 0 && rate <= 1))
    throw new Error("sampling stage failed to parse rate: sampling rate must be between 0.0 and 1.0");
  return ({ events }) => ({
    process(entry, emit) {
      if (Math.random() < rate) emit(entry);
      else events.dropped(dropCounterReason);
    },
  });
}
