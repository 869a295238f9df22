import { messageOf, OracleError } from "./machine/oracle-error.ts";
import { reportToTerminal } from "./machine/report.ts";

interface Command {
  readonly help: string;
  readonly main: (args: readonly string[]) => Promise<number>;
}

/** What each command is for, and how it is loaded: only the one that is asked for. */
const commands: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  kubernetes: {
    summary: "a real Kubernetes: up, down, status, check",
    load: async () => {
      const { kubernetesCommand, kubernetesHelp } = await import("./kubernetes/command.ts");
      return { help: kubernetesHelp, main: kubernetesCommand };
    },
  },
  conformance: {
    summary: "the upstream conformance suite against any cluster",
    load: async () => {
      const { conformanceCommand, conformanceHelp } = await import("./conformance/command.ts");
      return { help: conformanceHelp, main: conformanceCommand };
    },
  },
  diff: {
    summary: "the same requests to two clusters, or to one and the record",
    load: async () => {
      const { diffCommand, diffHelp } = await import("./diff/command.ts");
      return { help: diffHelp, main: diffCommand };
    },
  },
  differential: {
    summary: "random questions to the real API server and to ours",
    load: async () => {
      const { differentialCommand, differentialHelp } = await import("./differential/command.ts");
      return { help: differentialHelp, main: differentialCommand };
    },
  },
  clients: {
    summary: "informers of Go and of JavaScript follow changes over reconnects",
    load: async () => {
      const { clientsCommand, clientsHelp } = await import("./clients/command.ts");
      return { help: clientsHelp, main: clientsCommand };
    },
  },
  acceptance: {
    summary: "what people do with kubectl and helm, command by command",
    load: async () => {
      const { acceptanceCommand, acceptanceHelp } = await import("./acceptance/command.ts");
      return { help: acceptanceHelp, main: acceptanceCommand };
    },
  },
  "images-run": {
    summary: "images built here run in runc, containerd, podman and Docker",
    load: async () => {
      const { imagesRunCommand, imagesRunHelp } = await import("./images-run/command.ts");
      return { help: imagesRunHelp, main: imagesRunCommand };
    },
  },
  "same-objects": {
    summary: "all objects of two clusters, held against each other",
    load: async () => {
      const { sameObjectsCommand, sameObjectsHelp } = await import("./same-objects/command.ts");
      return { help: sameObjectsHelp, main: sameObjectsCommand };
    },
  },
  compatibility: {
    summary: "what the embedded cluster answers differently, and COMPATIBILITY.md",
    load: async () => {
      const { compatibilityCommand, compatibilityHelp } = await import("./embedded/command.ts");
      return { help: compatibilityHelp, main: compatibilityCommand };
    },
  },
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
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (found === undefined) {
    throw new OracleError("usage", `no command ${name}: there is ${Object.keys(commands).join(", ")}`);
  }
  const command = await found.load();
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
