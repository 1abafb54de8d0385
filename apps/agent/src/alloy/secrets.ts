import { createHash } from "node:crypto";
import { compileRegex, type Regex } from "@ratatosk/regex";

interface Rule {
  readonly name: string;
  /** One of them stands in every text that the rule can match. */
  readonly keywords: readonly string[];
  readonly regex: Regex;
}

const rule = (name: string, keywords: readonly string[], expression: string): Rule => ({
  name,
  keywords,
  regex: compileRegex(expression),
});

/** What looks like a secret: the first group of the expression, or all of it. */
const rules: readonly Rule[] = [
  rule(
    "private-key",
    ["PRIVATE KEY"],
    "-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY[^-]*-----(?s:.+?)(?:-----END[^-]*-----|$)",
  ),
  rule("aws-access-key", ["AKIA", "ASIA", "ABIA", "ACCA"], "\\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\\b"),
  rule("github-token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], "\\b(gh[pousr]_[0-9A-Za-z]{36,})\\b"),
  rule("github-fine-grained-token", ["github_pat_"], "\\b(github_pat_\\w{36,})\\b"),
  rule("gitlab-token", ["glpat-"], "\\b(glpat-[\\w-]{20,})"),
  rule("grafana-token", ["glc_", "glsa_"], "\\b(gl(?:c|sa)_[A-Za-z0-9+/_]{32,}={0,2})"),
  rule("slack-token", ["xox"], "\\b(xox[abeoprs]-[0-9A-Za-z-]{10,})"),
  rule("stripe-key", ["k_live_", "k_test_"], "\\b([rs]k_(?:live|test)_[0-9A-Za-z]{10,99})\\b"),
  rule("google-api-key", ["AIza"], "\\b(AIza[\\w-]{35})"),
  rule("npm-token", ["npm_"], "\\b(npm_[0-9A-Za-z]{36})\\b"),
  rule("json-web-token", ["eyJ"], "\\b(eyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]{10,})"),
];

export interface Redaction {
  /** Put in a secret's place; `$SECRET_NAME` and `$SECRET_HASH` mean the rule's name and the secret's SHA-1. */
  readonly with: string;
  /** Without `with`: so much of a secret's end is left out. */
  readonly percent: number;
  readonly found: (rule: string) => void;
}

/** The text without its secrets; the same text where it has none. */
export function withoutSecrets(text: string, redaction: Redaction): string {
  let result = text;
  for (const one of rules)
    if (one.keywords.some((keyword) => result.includes(keyword))) result = withoutMatches(result, one, redaction);
  return result;
}

function withoutMatches(text: string, { name, regex }: Rule, redaction: Redaction): string {
  let out = "";
  let copied = 0;
  for (let from = 0; from <= text.length;) {
    const spans = regex.spans(text, from);
    if (spans === undefined) break;
    const [start, end] = spans[1] ?? spans[0]!;
    out += text.slice(copied, start) + redacted(text.slice(start, end), name, redaction);
    redaction.found(name);
    copied = end;
    from = Math.max(end, spans[0]![1], from + 1);
  }
  return out + text.slice(copied);
}

function redacted(secret: string, name: string, { with: text, percent }: Redaction): string {
  if (text === "")
    return percent >= 100 ? "REDACTED" : `${secret.slice(0, (secret.length * (100 - percent)) / 100)}...`;
  const hash = (): string => createHash("sha1").update(secret).digest("hex");
  return text.replaceAll("$SECRET_NAME", () => name).replaceAll("$SECRET_HASH", hash);
}
