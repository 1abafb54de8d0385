import { ConfigError } from "@ratatosk/config";
import { isSection, type Section, type SettingsTree, textOf } from "./settings-tree.ts";

/** Where an old Loki kept its chunks, in the words of our `storage`. */
export type Place = { filesystem: { directory: string } } | { s3: Section };

const kinds: Readonly<Record<string, "filesystem" | "s3">> = {
  filesystem: "filesystem",
  s3: "s3",
  aws: "s3",
  "aws-dynamo": "s3",
};
const s3Paths = ["storage_config.aws", "storage_config.object_store.s3", "common.storage.s3"];
const directoryPaths = ["storage_config.filesystem.directory", "common.storage.filesystem.chunks_directory"];
const readableStores = new Set(["tsdb", "boltdb-shipper"]);
const s3Settings = ["endpoint", "region", "access_key_id", "secret_access_key", "insecure", "s3forcepathstyle"];

export interface LokiStorage {
  /** Where the newest period lies. */
  readonly newest: Place | undefined;
  /** The places of all periods, each once. */
  readonly all: readonly Place[];
  /** Settings that nothing here has a use for. */
  readonly ignored: readonly string[];
}

/** Takes the places of chunks out of Loki's configuration. Throws ConfigError where a period lies in no store of ours. */
export function takeStorage(tree: SettingsTree, file: string): LokiStorage {
  const ignored: string[] = [];
  const places = { filesystem: takeDirectory(tree), s3: takeS3(tree, ignored) };
  const configs = tree.take("schema_config.configs");
  const periods = (Array.isArray(configs) ? configs : []).filter(isSection).sort((a, b) => timeOf(a) - timeOf(b));
  const usual = places.s3 === undefined ? "filesystem" : "s3";
  const found = periods.map((period) => {
    const store = textOf(period["object_store"]) ?? usual;
    const kind = kinds[store];
    if (kind === undefined)
      throw new ConfigError(`${file}: schema_config: object_store ${store} cannot be used, only filesystem and s3`);
    return { isReadable: readableStores.has(String(period["store"])), period, place: places[kind] };
  });
  const old = found.every(({ isReadable }) => isReadable) ? found : [];
  for (const { period, isReadable } of found)
    if (!isReadable) ignored.push(`schema_config (its store ${String(period["store"])} cannot be read)`);
  return { newest: found.at(-1)?.place ?? places[usual], all: onlyOnce(old.map(({ place }) => place)), ignored };
}

function takeDirectory(tree: SettingsTree): Place | undefined {
  const [directory] = directoryPaths.map((path) => tree.text(path)).filter((path) => path !== undefined);
  return directory === undefined ? undefined : { filesystem: { directory } };
}

function takeS3(tree: SettingsTree, ignored: string[]): Place | undefined {
  for (const path of s3Paths) {
    const section = tree.take(path);
    if (!isSection(section)) continue;
    const { bucketnames, bucketname, bucket_name, s3, ...rest } = section;
    const given = { ...fromUrl(s3), ...pick(rest, ignored, path) };
    const bucket = textOf(bucketnames ?? bucketname ?? bucket_name ?? given["bucket"])?.split(",")[0];
    if (bucket !== undefined) return { s3: { ...withEndpoint(given), bucket } };
  }
  return undefined;
}

function pick(section: Section, ignored: string[], path: string): Section {
  const picked: Section = {};
  for (const [key, value] of Object.entries(section)) {
    const name = key.toLowerCase();
    if (s3Settings.includes(name)) picked[name] = value;
    else ignored.push(`${path}.${key}`);
  }
  return picked;
}

/** `s3://key:secret@host:port/bucket`, or with a region of AWS where the host is. */
function fromUrl(value: unknown): Section {
  if (typeof value !== "string") return {};
  const url = URL.parse(value.replace(/^s3:/, "http:"));
  if (url === null) return {};
  const bucket = url.pathname.split("/")[1];
  const isHost = /[.:]/.test(url.host) || url.host === "localhost";
  return {
    ...(isHost ? { endpoint: url.host.replace(/\.$/, "") } : url.host && { region: url.host }),
    ...(bucket && { bucket }),
    ...(url.username && { access_key_id: decodeURIComponent(url.username) }),
    ...(url.password && { secret_access_key: decodeURIComponent(url.password) }),
  };
}

/** The endpoint without its scheme, and AWS's where none is given. */
function withEndpoint({ endpoint, ...s3 }: Section): Section {
  const given = textOf(endpoint);
  if (given === undefined)
    return { endpoint: `s3.${textOf(s3["region"]) ?? "us-east-1"}.amazonaws.com`, s3forcepathstyle: false, ...s3 };
  const [, scheme, host] = /^(?:(https?):\/\/)?(.*?)\/*$/.exec(given)!;
  return { endpoint: host, ...(scheme === "http" && { insecure: true }), ...s3 };
}

const timeOf = ({ from }: Section): number => Date.parse(String(from));

function onlyOnce(places: readonly (Place | undefined)[]): Place[] {
  const byText = new Map(places.filter((place) => place !== undefined).map((place) => [JSON.stringify(place), place]));
  return [...byText.values()];
}
