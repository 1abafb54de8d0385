import type { CommandRow, Word } from "./command-table.ts";

/** A script for zsh, a file \`_ratatosk\` on the \`fpath\`. */
export function zshScript(table: readonly CommandRow[]): string {
  const paths = table.slice(1).map(({ path }) => quoted(path));
  return `#compdef ratatosk
_ratatosk() {
  local cmd="" word
  local -a offered
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${cmd:+$cmd }$word" in
      ${paths.join("|")}) cmd="\${cmd:+$cmd }$word" ;;
    esac
  done
  case "$cmd:\${words[CURRENT-1]}" in
${table.flatMap(choicesOfOptions).join("\n")}
    *:--config.file|*:--file) _files; return ;;
  esac
  case "$cmd" in
${table.map(offer).join("\n")}
  esac
  _describe -V ratatosk offered
}
compdef _ratatosk ratatosk
`;
}

function choicesOfOptions({ path, options }: CommandRow): string[] {
  return options
    .filter(({ choices }) => choices.length > 0)
    .map(({ name, choices }) => `    ${quoted(`${path}:${name}`)}) compadd -- ${choices.join(" ")}; return ;;`);
}

function offer({ path, commands, options, choices }: CommandRow): string {
  const words: Word[] = [...commands, ...choices.map((name) => ({ name, description: "" })), ...options];
  return `    ${quoted(path)}) offered=(${words.map(described).join(" ")}) ;;`;
}

const described = ({ name, description }: Word): string =>
  quoted(description === "" ? name : `${name.replaceAll(":", "\\:")}:${description}`);
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
