import { relabelRule, type RelabelRule } from "../relabel.ts";
import type { YamlNode } from "./yaml-node.ts";

/** A list of relabelling rules. */
export const readRelabelRules = (node: YamlNode | undefined): RelabelRule[] => (node?.list() ?? []).map(readRule);

function readRule(node: YamlNode): RelabelRule {
  return node.fields((fields) => {
    const sources = fields.take("source_labels");
    const take = (key: string): string | undefined => fields.take(key)?.text();
    const [separator, regex, targetLabel] = [take("separator"), take("regex"), take("target_label")];
    const [replacement, action] = [take("replacement"), take("action")];
    const modulus = fields.integer("modulus", 0);
    const config = {
      sourceLabels: sources?.texts() ?? [],
      modulus,
      ...(separator !== undefined ? { separator } : {}),
      ...(regex !== undefined ? { regex } : {}),
      ...(targetLabel !== undefined ? { targetLabel } : {}),
      ...(replacement !== undefined ? { replacement } : {}),
      ...(action !== undefined ? { action } : {}),
    };
    try {
      return relabelRule(config);
    } catch (error) {
      throw node.error((error as Error).message);
    }
  });
}
