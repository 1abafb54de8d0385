/** What a server process does: one part of the system, or all of them. */
export type Role = "all" | "distributor" | "ingester" | "querier" | "compactor" | "ruler";
