import { loadChartArchive, loadChartFolder, missingDependencies, type Chart, type ChartReference } from "@fairway/helm";
import type { ChartStore } from "@fairway/charts";
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { readChartFolder } from "./chart-files.ts";

export interface LoadOptions {
  readonly cwd: string;
  readonly openStore: () => Promise<ChartStore>;
}

/** A chart by what stands on the command line: a folder, an archive, `oci://...`, an address, or a name with --repo. */
export async function loadChart(chart: ChartReference, options: LoadOptions): Promise<Chart> {
  refuseUnsupported(chart);
  const { reference, repo, version } = chart;
  if (repo !== "") return fetched({ repository: repo, name: reference, version }, options);
  if (reference.startsWith("oci://")) {
    const slash = reference.lastIndexOf("/");
    return fetched({ repository: reference.slice(0, slash), name: reference.slice(slash + 1), version }, options);
  }
  const path = resolve(options.cwd, reference);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return loadChartArchive(await readFile(path));
  if (found?.isDirectory()) return loadFolder(path, chart, options);
  throw new CliError("not-found", `no chart at ${reference}`, {
    hint: "name a folder, a .tgz, oci://HOST/PATH/CHART, or a chart with --repo URL; repositories added to Helm are not read",
  });
}

/** Options that change how a server is talked to, and that are not followed, must not look as if they were. */
function refuseUnsupported(chart: ChartReference): void {
  const given = (
    [
      ["--username", chart.username],
      ["--ca-file", chart.caFile],
      ["--cert-file", chart.certFile],
      ["--key-file", chart.keyFile],
      ["--insecure-skip-tls-verify", chart.insecureSkipTlsVerify],
      ["--pass-credentials", chart.passCredentials],
    ] as const
  ).find(([, value]) => value !== "" && value !== false);
  if (given) {
    throw new CliError("bad-usage", `${given[0]} is not supported`, {
      hint: "log in with helm registry login or docker login; certificates are those that Node trusts (NODE_EXTRA_CA_CERTS)",
    });
  }
}

async function fetched(
  request: { repository: string; name: string; version: string },
  options: LoadOptions,
): Promise<Chart> {
  const store = await options.openStore();
  return loadChartArchive((await store.fetch(request)).archive);
}

async function loadFolder(path: string, chart: ChartReference, options: LoadOptions): Promise<Chart> {
  const files = new Map(await readChartFolder(path));
  const loaded = loadChartFolder(files);
  if (!chart.dependencyUpdate) return loaded;
  const store = await options.openStore();
  const missing = new Set(missingDependencies(loaded));
  for (const dependency of loaded.metadata.dependencies ?? []) {
    if (!dependency || !missing.has(dependency.name)) continue;
    const { name, version, repository } = dependency;
    if (repository.startsWith("file://")) {
      const folder = resolve(path, repository.slice("file://".length));
      for (const [file, content] of await readChartFolder(folder)) files.set(`charts/${name}/${file}`, content);
    } else {
      const { archive, version: exact } = await store.fetch({ repository, name, version });
      files.set(join("charts", `${name}-${exact}.tgz`), archive);
    }
  }
  return loadChartFolder(files);
}
