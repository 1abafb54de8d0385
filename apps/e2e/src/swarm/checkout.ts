import { fileURLToPath } from "node:url";

/** Where a file of the checkout is. */
export const inCheckout = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
