import { globalOptions } from "./arguments.ts";
import { findCommand, type CatalogueEntry } from "./catalogue-entry.ts";

/** What could stand as the last of these words, after `fairway`. */
export async function completions(
  words: readonly string[],
  entries: readonly CatalogueEntry[],
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const found = findCommand(before, entries);
  if (!found) return nextWords(before, entries).filter((word) => word.startsWith(typed));
  const { options } = await found.entry.load();
  const previous = before.at(-1)?.replace(/^--/, "") ?? "";
  const choices = Object.hasOwn(options, previous) ? options[previous]?.choices : undefined;
  if (choices) return choices.filter((choice) => choice.startsWith(typed));
  if (!typed.startsWith("-")) return [];
  return Object.keys({ ...options, ...globalOptions })
    .map((name) => `--${name}`)
    .filter((option) => option.startsWith(typed) && !before.includes(option));
}

function nextWords(before: readonly string[], entries: readonly CatalogueEntry[]): readonly string[] {
  const next = entries
    .filter((entry) => before.every((word, index) => entry.path[index] === word))
    .flatMap((entry) => entry.path[before.length] ?? []);
  return [...new Set(next)];
}

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** Each script only asks the command itself, so that it never goes stale; no answer means file names. */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `_fairway() {
  local answer
  answer=$("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=($(compgen -W "$answer" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _fairway fairway ./fairway
`,
  zsh: `#compdef fairway
_fairway() {
  local -a answer
  answer=(\${(f)"$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#answer} )); then compadd -a answer; else _files; fi
}
compdef _fairway fairway
`,
  fish: `function __fairway_complete
  set -l tokens (commandline -opc)
  $tokens[1] completion words -- $tokens[2..-1] (commandline -ct) 2>/dev/null
end
complete -c fairway -a '(__fairway_complete)'
`,
};
