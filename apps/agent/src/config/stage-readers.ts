import type { StageConfig } from "../stages/build-stages.ts";
import type { YamlNode } from "./yaml-node.ts";

type Reader = (node: YamlNode, job: string) => StageConfig["build"];

/** How each stage's options are read from YAML; the stages themselves check what they mean. */
export const stageReaders: Readonly<Record<string, Reader>> = {};
