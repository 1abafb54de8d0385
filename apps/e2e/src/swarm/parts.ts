import { realPart } from "../real-parts.ts";

const programs = { minio: realPart("minio"), dockerd: realPart("dockerd"), docker: realPart("docker") };

/** What this machine lacks of what a stack needs. */
export const missingParts = Object.entries(programs).flatMap(([name, path]) => (path === undefined ? [name] : []));

/** Where the programs are that a stack needs. Only where none is missing. */
export const parts = programs as Readonly<Record<keyof typeof programs, string>>;
