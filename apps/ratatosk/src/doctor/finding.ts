/** What the doctor found out about one thing. */
export interface Finding {
  readonly state: "ok" | "warning" | "problem";
  readonly about: string;
  readonly what: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** Findings of a check; where it fails as a whole, that it failed, and what to do. */
export async function examine(about: string, advice: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    return [{ state: "problem", about, what: error instanceof Error ? error.message : String(error), advice }];
  }
}
