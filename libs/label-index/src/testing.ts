import { sectionNames } from "./index-content.ts";

export { readSections, writeSections } from "./sections.ts";
/** How many sections an index file has. */
export const sectionCount = sectionNames.length;
