import type { CommandRow } from "./command-table.ts";

/** A script for bash: `source <(ratatosk completion bash)`. */
export function bashScript(table: readonly CommandRow[]): string {
  return `_ratatosk() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" cmd="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${cmd:+$cmd }$word" in
      ${table.slice(1).map(knownPath).join("|")}) cmd="\${cmd:+$cmd }$word" ;;
    esac
  done
  case "$cmd:$prev" in
${table.flatMap(choicesOfOptions).join("\n")}
    *:--config.file|*:--file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
  esac
  case "$cmd" in
${byWords(table)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _ratatosk ratatosk
`;
}

const knownPath = ({ path }: CommandRow): string => `"${path}"`;

function choicesOfOptions({ path, options }: CommandRow): string[] {
  return options
    .filter(({ choices }) => choices.length > 0)
    .map(
      ({ name, choices }) =>
        `    "${path}:${name}") COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$cur")); return ;;`,
    );
}

/** Commands that share their words share a line. */
function byWords(table: readonly CommandRow[]): string {
  const rows = Map.groupBy(table, ({ commands, options, choices }) =>
    [...commands.map(({ name }) => name), ...choices, ...options.map(({ name }) => name)].join(" "),
  );
  return [...rows].map(([words, paths]) => `    ${paths.map(knownPath).join("|")}) words="${words}" ;;`).join("\n");
}
