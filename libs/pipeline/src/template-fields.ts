/**
 * The labels that a template may read: every `.name` and every text inside its actions (`index . "name"`). It may name
 * too many, never too few.
 */
export function templateFields(template: string): string[] {
  const names = new Set<string>();
  for (const [action] of template.matchAll(/\{\{(?:[^"`}]|"(?:[^"\\]|\\.)*"|`[^`]*`|\}(?!\}))*\}\}/gs)) {
    for (const [, field] of action.matchAll(/\.([\p{L}_][\p{L}\p{N}_]*)/gu)) names.add(field!);
    for (const [, text] of action.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`/gs)) if (text) names.add(text);
  }
  return [...names];
}
