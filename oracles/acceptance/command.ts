import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { whyNoClient } from "../diff/clients/client-program.ts";
import { clientPackages } from "../diff/data/client-packages.ts";
import { readClusterAccess } from "../diff/kubeconfig.ts";
import { images } from "../images/data/images.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import { runSections, type SectionResult } from "./run-sections.ts";
import { parseSections, type Section } from "./sections.ts";

export const acceptanceHelp = `What people do with kubectl and helm, command by command, against any cluster whose pods run.

  npm run oracle -- acceptance --kubeconfig F [--kubectl 1.34] [--only TEXT] [--image NAME]

  --kubectl V   one version, or several with commas (default: all); helm is told with the newest
  --only TEXT   sections whose title holds the text
  --image NAME  an image with a shell, tar and busybox in it (default: the suite's agnhost)

Exit code 1 when a section fails. The command lines are in oracles/acceptance/*.acceptance.
`;

const options = {
  kubeconfig: { type: "string" },
  kubectl: { type: "string" },
  only: { type: "string" },
  image: { type: "string" },
} as const;

export async function acceptanceCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.kubeconfig === undefined) throw new OracleError("usage", "acceptance needs --kubeconfig");
  const access = readClusterAccess(values.kubeconfig);
  const versions = values.kubectl?.split(",") ?? Object.keys(clientPackages);
  const image = values.image ?? agnhost();
  const columns = new Map<string, readonly SectionResult[]>();
  for (const kubectl of versions) {
    const reason = whyNoClient("kubectl", kubectl);
    if (reason !== undefined) {
      reportToTerminal(`skipped kubectl ${kubectl}: ${reason}`);
      continue;
    }
    const sections = sectionsFor(kubectl === versions.at(-1)).filter(({ title }) => title.includes(values.only ?? ""));
    const onSection = ({ title, state, reason: why }: SectionResult): void =>
      reportToTerminal(`kubectl ${kubectl}: ${state}: ${title}${why === "" ? "" : `\n${why}`}`);
    columns.set(kubectl, await runSections(sections, { access, kubectl, image, onSection }));
  }
  process.stdout.write(formatTable(columns));
  return [...columns.values()].flat().some(({ state }) => state === "failed") ? 1 : 0;
}

/** A row for each section, a column for each version. */
export function formatTable(columns: ReadonlyMap<string, readonly SectionResult[]>): string {
  const titles = [...new Set([...columns.values()].flat().map(({ title }) => title))];
  const width = Math.max(...[...titles, "passed"].map((title) => title.length));
  const row = (head: string, cells: readonly string[]): string =>
    [head.padEnd(width), ...cells.map((cell) => cell.padEnd(8))].join("  ").trimEnd();
  const rows = titles.map((title) =>
    row(
      title,
      [...columns.values()].map((results) => results.find((each) => each.title === title)?.state ?? ""),
    ),
  );
  const counts = [...columns.values()].map((results) => {
    const told = results.filter(({ state }) => state !== "skipped");
    return `${told.filter(({ state }) => state === "passed").length}/${told.length}`;
  });
  return `${[row("", [...columns.keys()]), ...rows, row("passed", counts)].join("\n")}\n`;
}

/** There is one helm: once is enough. */
export function sectionsFor(withHelm: boolean): readonly Section[] {
  const files = withHelm ? ["kubectl.acceptance", "helm.acceptance"] : ["kubectl.acceptance"];
  return files.flatMap((file) => parseSections(readFileSync(join(import.meta.dirname, file), "utf8"), file));
}

function agnhost(): string {
  const name = images.flatMap(({ names }) => names).find((each) => each.includes("/agnhost:"));
  if (name === undefined) throw new OracleError("bad-state", "no image named agnhost is described");
  return name;
}
