export interface Problem {
  readonly severity: "Info" | "Warning" | "Error" | "Critical";
  readonly message: string;
}
export interface Conversion {
  readonly output: string;
  readonly problems: readonly Problem[];
}
export function convertPromtail(text: string, name: string, expandsEnv = false): Conversion {
  return { output: text, problems: [{ severity: "Critical", message: name + String(expandsEnv) }] };
}
