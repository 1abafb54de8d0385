/** A syslog message as far as it could be read. */
export interface SyslogMessage {
  readonly severity?: string;
  readonly facility?: string;
  readonly time?: number;
  readonly hostname?: string;
  readonly appName?: string;
  readonly procId?: string;
  readonly msgId?: string;
  readonly data: readonly (readonly [id: string, params: readonly (readonly [name: string, value: string])[]])[];
  readonly message: string;
}

const severities = ["emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"];
const facilities = [
  "kern",
  "user",
  "mail",
  "daemon",
  "auth",
  "syslog",
  "lpr",
  "news",
  "uucp",
  "cron",
  "authpriv",
  "ftp",
  "ntp",
  "security",
  "console",
  "cron2",
  ...Array.from({ length: 8 }, (_, i) => `local${i}`),
];

const header = /^<(\d{1,3})>(\d{1,3}) (\S+) (\S+) (\S+) (\S+) (\S+) /;

/** Reads a message of RFC 5424; undefined where it is none. */
export function parseRfc5424(text: string): SyslogMessage | undefined {
  const match = header.exec(`${text} `);
  if (match === null || Number(match[1]) > 191) return undefined;
  const [whole, priority, , time, hostname, appName, procId, msgId] = match;
  const data = structuredData(text, whole.length);
  if (data === undefined) return undefined;
  const message = text.slice(data.end).replace(/^ /, "");
  const at = time === "-" ? undefined : Date.parse(time!);
  if (at !== undefined && Number.isNaN(at)) return undefined;
  return {
    ...priorityOf(Number(priority)),
    ...optional({
      time: at,
      hostname: nil(hostname!),
      appName: nil(appName!),
      procId: nil(procId!),
      msgId: nil(msgId!),
    }),
    data: data.elements,
    message,
  };
}

const nil = (text: string): string | undefined => (text === "-" ? undefined : text);
const optional = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;

const priorityOf = (priority: number): { severity: string; facility: string } => ({
  severity: severities[priority & 7]!,
  facility: facilities[priority >> 3] ?? String(priority >> 3),
});

type Element = readonly [id: string, params: readonly (readonly [name: string, value: string])[]];

function structuredData(text: string, from: number): { elements: Element[]; end: number } | undefined {
  if (text[from] === "-" || from >= text.length) return { elements: [], end: Math.min(from + 1, text.length) };
  const elements: Element[] = [];
  const element = /\[([^\s=\]"]+)((?: [^\s=\]"]+="(?:[^"\\\]]|\\.)*")*)\]/y;
  element.lastIndex = from;
  let end = from;
  for (let match = element.exec(text); match !== null; match = element.exec(text)) {
    const params = [...match[2]!.matchAll(/ ([^\s=\]"]+)="((?:[^"\\\]]|\\.)*)"/g)];
    elements.push([match[1]!, params.map(([, name, value]) => [name!, value!.replace(/\\(["\\\]])/g, "$1")] as const)]);
    end = element.lastIndex;
  }
  return elements.length === 0 ? undefined : { elements, end };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const bsd = /^(?:<(\d{1,3})>)?(?:([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) )?(?:(\S+) )?([^]*)$/;
const dayMs = 86_400_000;

/** Reads a message of RFC 3164, as loosely as they are written. The year is this one, or the last where that lies ahead. */
export function parseRfc3164(text: string, nowMs: number): SyslogMessage | undefined {
  const match = bsd.exec(text);
  if (match === null) return undefined;
  const [, priority, month, day, hour, minute, second, hostname, rest = ""] = match;
  if (priority !== undefined && Number(priority) > 191) return undefined;
  if (month === undefined)
    return {
      ...(priority === undefined ? {} : priorityOf(Number(priority))),
      data: [],
      message: text.replace(/^<\d+>/, ""),
    };
  const [, appName, procId, message] = /^([^\s:[\]]+)(?:\[([^\]]*)\])?: ?([^]*)$/.exec(rest) ?? [
    undefined,
    undefined,
    undefined,
    rest,
  ];
  const year = new Date(nowMs).getFullYear();
  const timeIn = (one: number): number =>
    new Date(one, months.indexOf(month), Number(day), Number(hour), Number(minute), Number(second)).getTime();
  const time = timeIn(year) > nowMs + dayMs ? timeIn(year - 1) : timeIn(year);
  return {
    ...(priority === undefined ? {} : priorityOf(Number(priority))),
    ...optional({ time, hostname, appName, procId }),
    data: [],
    message: message ?? "",
  };
}
