export { type DeleteRequest, nothingYet, type Receipt } from "./delete-request.ts";
export { DeleteRequests, type DeleteRequestsOptions } from "./delete-requests.ts";
export { DeletesSource } from "./deletes-source.ts";
export { type HiddenCount, HiddenLines, type StreamHidden } from "./hidden-lines.ts";
export { pendingOf } from "./pending.ts";
