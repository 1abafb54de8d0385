import type { Limits } from "@ratatosk/config";
import type { AttributeUse, OtlpRules } from "@ratatosk/http";
import { compileRegex } from "@ratatosk/regex";

type Configured = Limits["otlp_config"]["log_attributes"];
type Use = (attribute: string) => AttributeUse;

const maxRemembered = 10_000;

/** What a tenant's `otlp_config` makes of attributes; `defaultLabels` are the resource attributes that become labels. */
export function otlpRules({ otlp_config: config }: Limits, defaultLabels: readonly string[]): OtlpRules {
  const { ignore_defaults, attributes_config } = config.resource_attributes;
  const labels = new Set(ignore_defaults ? [] : defaultLabels);
  return {
    resource: remembered(firstOf(attributes_config, (attribute) => (labels.has(attribute) ? "label" : "metadata"))),
    scope: config.scope_attributes.length === 0 ? undefined : remembered(firstOf(config.scope_attributes, asMetadata)),
    record: config.log_attributes.length === 0 ? undefined : remembered(firstOf(config.log_attributes, asMetadata)),
    severityTextAsLabel: config.severity_text_as_label,
  };
}

const asMetadata: Use = () => "metadata";

/** The use that the first rule for an attribute says, else `otherwise`. */
function firstOf(configured: Configured, otherwise: Use): Use {
  const rules = configured.map(({ action, attributes, regex }) => ({
    use: action === "index_label" ? ("label" as const) : action === "drop" ? ("drop" as const) : ("metadata" as const),
    names: new Set(attributes),
    regex: regex === undefined ? undefined : compileRegex(regex, { anchored: true }),
  }));
  return (attribute) =>
    rules.find(({ names, regex }) => names.has(attribute) || regex?.test(attribute) === true)?.use ??
    otherwise(attribute);
}

function remembered(use: Use): Use {
  const known = new Map<string, AttributeUse>();
  return (attribute) => {
    const seen = known.get(attribute);
    if (seen !== undefined) return seen;
    if (known.size === maxRemembered) known.clear();
    const found = use(attribute);
    known.set(attribute, found);
    return found;
  };
}
