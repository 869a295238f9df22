import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { completions, completionScripts, shells } from "../command/completion.ts";
import { exitCode } from "../exit-code.ts";

export const completionCommand = defineCommand({
  summary: "Print the completion script of a shell",
  positionals: [
    { name: "SHELL", summary: `${shells.join(", ")}; or "words", which the scripts ask`, required: true },
    { name: "WORD", summary: "the words typed so far, after --", variadic: true },
  ],
  options: {},
  examples: [
    { command: "source <(fairway completion bash)", meaning: "Completion in this bash" },
    { command: "fairway completion zsh > ~/.zfunc/_fairway", meaning: "Completion in every zsh" },
    { command: "fairway completion fish | source", meaning: "Completion in this fish" },
  ],
  async run({ terminal, catalogue }, { positionals: [shell = "", ...words] }) {
    if (shell === "words") {
      const answer = await completions(words, catalogue);
      terminal.print(answer, () => answer.join("\n"));
      return exitCode.ok;
    }
    const known = shells.find((each) => each === shell);
    if (!known) {
      throw new CliError("bad-usage", `no completion for "${shell}"`, {
        hint: `there is one for ${shells.join(", ")}`,
      });
    }
    terminal.print({ shell, script: completionScripts[known] }, () => completionScripts[known]);
    return exitCode.ok;
  },
});
