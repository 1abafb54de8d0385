import type { StageConfig } from "../stages/build-stages.ts";
import { stageReaders } from "./stage-readers.ts";
import type { YamlNode } from "./yaml-node.ts";

/** The list of a job's stages, each with exactly one key. Errors name job and stage. */
export function readStages(node: YamlNode | undefined, job: string): StageConfig[] {
  return (node?.list() ?? []).map((item) => {
    if (!item.isMap)
      throw item.error(`invalid pipeline stage config of job ${job}: expected a map with the stage's name`);
    const entries = [...item.entries()];
    if (entries.length !== 1) throw item.error(`pipeline stage of job ${job} must contain only one key`);
    const [name, options] = entries[0]!;
    const reader = stageReaders[name];
    if (reader === undefined) throw options.error(`unknown stage type: ${name}`);
    try {
      return { name, build: reader(options, (inner) => readStages(inner, job)) };
    } catch (error) {
      const message = (error as Error).message;
      if (/line \d+: /.test(message) && message.includes(`${name} stage`)) throw error;
      throw options.error(
        `invalid ${name} stage config: ${message.replace(/^[^]*unmarshal errors:\n {2}line \d+: /, "")}`,
      );
    }
  });
}
