import { conformanceCommand, conformanceHelp } from "./conformance/command.ts";
import { messageOf, OracleError } from "./machine/oracle-error.ts";
import { reportToTerminal } from "./machine/report.ts";
import { kubernetesCommand, kubernetesHelp } from "./kubernetes/command.ts";

interface Command {
  readonly summary: string;
  readonly help: string;
  readonly main: (args: readonly string[]) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  kubernetes: { summary: "a real Kubernetes: up, down, status", help: kubernetesHelp, main: kubernetesCommand },
  conformance: { summary: "the upstream conformance suite", help: conformanceHelp, main: conformanceCommand },
};

function usage(): string {
  const lines = Object.entries(commands).map(([name, command]) => `  ${name.padEnd(14)}${command.summary}`);
  return `The real engines as judges.\n\n  npm run oracle -- COMMAND [--help]\n\n${lines.join("\n")}\n`;
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h") {
    process.stdout.write(usage());
    return name === undefined ? 2 : 0;
  }
  const command = commands[name];
  if (command === undefined)
    throw new OracleError("usage", `no command ${name}: there is ${Object.keys(commands).join(", ")}`);
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(command.help);
    return 0;
  }
  return command.main(rest);
}

/** 2 for a wrong command line, 1 for every other failure. */
function exitCodeOf(error: unknown): number {
  if (error instanceof OracleError) return error.code === "usage" ? 2 : 1;
  return error instanceof TypeError && "code" in error ? 2 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  reportToTerminal(messageOf(error));
  process.exitCode = exitCodeOf(error);
}
