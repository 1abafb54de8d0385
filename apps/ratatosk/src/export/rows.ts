import { formatLabels, labelsFrom } from "@ratatosk/model";
import type { Entry } from "../client/entry.ts";
import { printTime } from "../client/time.ts";

export const jsonlRow = ({ time, stream, line }: Entry): string =>
  JSON.stringify({ timestamp: printTime(time), labels: stream, line });

export const csvHeader = "timestamp,labels,line";

/** As RFC 4180 says: quoted where commas, quotes or line ends would confuse. */
export const csvRow = ({ time, stream, line }: Entry): string =>
  [printTime(time), formatLabels(labelsFrom(Object.entries(stream))), line].map(csvField).join(",");

const csvField = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
