export { type Following, followIngesters } from "./follow-ingesters.ts";
export { RingConfig } from "./config.ts";
export { type IngesterMember, type Ingesters, localIngesters } from "./ingesters.ts";
export { type IngesterConnection, Membership, type MembershipModules } from "./membership.ts";
export type { MemberView } from "./member.ts";
export { Peers, type PeersOptions } from "./peers.ts";
export { RecentSource } from "./recent-source.ts";
export { rendezvous } from "./rendezvous.ts";
