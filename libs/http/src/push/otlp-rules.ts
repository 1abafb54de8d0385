/** What becomes of an attribute. */
export type AttributeUse = "label" | "metadata" | "drop";

/** What a tenant wants of OTLP attributes, asked by their names as sent (`service.name`). */
export interface OtlpRules {
  readonly resource: (attribute: string) => AttributeUse;
  /** Undefined where all attributes of scopes become metadata. */
  readonly scope: ((attribute: string) => AttributeUse) | undefined;
  /** Undefined where all attributes of records become metadata. */
  readonly record: ((attribute: string) => AttributeUse) | undefined;
  readonly severityTextAsLabel: boolean;
}
