import { settingsOf } from "@ratatosk/config";
import { Config } from "../config.ts";

/** The page docs/reference/settings.md. */
export function settingsPage(): string {
  const bySection = Map.groupBy(settingsOf(Config), ({ path }) => (path.length === 1 ? "" : path[0]!));
  const sections = [...bySection].map(([section, settings]) => {
    const rows = settings.map(({ path, type, default: usual, description }) => {
      const name = path.slice(section === "" ? 0 : 1).join(".");
      return `| \`${name}\` | ${escape(type)} | ${usual === undefined || usual === '""' ? "" : `\`${escape(usual)}\``} | ${escape(description)} |`;
    });
    const title = section === "" ? "At the top" : `\`${section}\``;
    const about = section === "" ? "" : `${sectionDescription(section)}\n\n`;
    return `## ${title}\n\n${about}| setting | type | default | |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `${head}\n${sections.join("\n")}`;
}

const head = `# Settings

A server reads YAML (\`--config.file=FILE\`); each setting is also a flag, \`--section.setting=value\`, which counts before the file. None is
required. \`\${VAR}\` and \`\${VAR:default}\` are replaced when \`--config.expand-env\` is given. \`ratatosk all --verify-config\` checks and exits.
A duration is written \`30s\`, \`5m\`, \`1h30m\`, \`7d\`; a size \`256KB\`, \`1.5MB\`. This page is made from the code: \`npm run docs\`.
`;

const sectionDescription = (section: string): string =>
  (Config.shape as Record<string, { description?: string | undefined }>)[section]?.description ?? "";

const escape = (text: string): string => text.replaceAll("|", "\\|");
