import { textOf, type Entry } from "../entry.ts";
import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";
import { MmdbReader } from "./mmdb.ts";

export interface GeoipOptions {
  readonly db: string;
  readonly source: string;
  readonly dbType: string;
}

type Found = ReturnType<MmdbReader["find"]>;

/** `geoip`: labels that say where an address lies. The database is opened when the job starts. */
export function geoipStage({ db, source, dbType }: GeoipOptions): StageConfig["build"] {
  if (db === "") throw new Error("db path cannot be empty");
  if (source === "") throw new Error("source cannot be empty");
  if (dbType !== "" && dbType !== "city" && dbType !== "asn") throw new Error("db type should be either city or asn");
  return () => {
    const reader = new MmdbReader(db);
    const labelsOf = dbType === "asn" ? asnLabels : cityLabels;
    return everyEntry((entry) => {
      const address = textOf(entry.extracted.get(source));
      if (address !== undefined) set(entry, labelsOf(reader.find(address)));
    });
  };
}

function set(entry: Entry, labels: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(labels)) {
    const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
    if (text !== "") entry.labels.set(`geoip_${name}`, text);
  }
}

function asnLabels(found: Found): Record<string, unknown> {
  return {
    autonomous_system_number: found?.["autonomous_system_number"],
    autonomous_system_organization: found?.["autonomous_system_organization"],
  };
}

interface City {
  readonly city?: Named;
  readonly country?: Named;
  readonly continent?: Named & { readonly code?: string };
  readonly location?: { readonly latitude?: number; readonly longitude?: number; readonly time_zone?: string };
  readonly postal?: { readonly code?: string };
  readonly subdivisions?: readonly (Named & { readonly iso_code?: string })[];
}
interface Named {
  readonly names?: { readonly en?: string };
}

function cityLabels(found: Found): Record<string, unknown> {
  const { city, country, continent, location, postal, subdivisions } = (found ?? {}) as City;
  const subdivision = subdivisions?.at(-1);
  return {
    city_name: city?.names?.en,
    country_name: country?.names?.en,
    continent_name: continent?.names?.en,
    continent_code: continent?.code,
    location_latitude: location?.latitude,
    location_longitude: location?.longitude,
    postal_code: postal?.code,
    timezone: location?.time_zone,
    subdivision_name: subdivision?.names?.en,
    subdivision_code: subdivision?.iso_code,
  };
}
