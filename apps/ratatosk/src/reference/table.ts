/** A row of a Markdown table. */
export const row = (...cells: readonly string[]): string => `| ${cells.map(escape).join(" | ")} |`;

const escape = (text: string): string => text.replaceAll("|", "\\|");
