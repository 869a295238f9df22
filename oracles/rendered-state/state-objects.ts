// What a state repository brings into a cluster: the ground of an environment, and each release on it.
import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadChartFolder, mergeUserValues, renderChart } from "@fairway/helm";
import type { KubeObject } from "@fairway/kube-client";
import { postgresChart, renderState } from "@fairway/manifests";
import { checkFiles } from "@fairway/spec";
import { decodeAll } from "@fairway/yaml";
import { OracleError } from "../machine/oracle-error.ts";

/** Files of a state repository, by path. */
export type State = ReadonlyMap<string, string>;

const root = join(import.meta.dirname, "../..");

export const states: Readonly<Record<"reference" | "everything", () => State>> = {
  reference: () => stateIn(join(root, "reference/iac-state")),
  everything: () => stateDescribedIn(join(root, "packages/manifests/testdata/everything")),
};

function stateIn(folder: string): State {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")] as const));
}

function stateDescribedIn(folder: string): State {
  const paths = globSync("{platform.yaml,*/service.yaml}", { cwd: folder });
  const { platform, services } = checkFiles(paths.map((path) => ({ path, bytes: readFileSync(join(folder, path)) })));
  if (!platform) throw new OracleError("bad-input", `there is no platform in ${folder}`);
  return renderState({ platform, services });
}

export function environmentsOf(state: State): readonly string[] {
  return foldersOf(state, "environments/");
}

function foldersOf(state: State, above: string): readonly string[] {
  const below = [...state.keys()].filter((path) => path.startsWith(above));
  return [...new Set(below.map((path) => path.slice(above.length).split("/")[0] ?? ""))].toSorted();
}

/** In the order in which they can be made. */
export function objectsOf(state: State, environment: string): readonly KubeObject[] {
  const base = `base/${environment}/`;
  const ground = [...state].flatMap(([path, text]) => (path.startsWith(base) ? objectsIn(text) : []));
  const namespaces = ground.filter(({ kind }) => kind === "Namespace");
  const names = namespaces.map(({ metadata }) => metadata.name ?? "");
  return [
    ...namespaces,
    ...ground.filter(({ kind }) => kind !== "Namespace"),
    ...databaseIn(names[0] ?? ""),
    ...foldersOf(state, "services/").flatMap((service) => {
      const own = names.find((name) => name.endsWith(`-${environment}-${service}`));
      return releaseOf(state, { service, environment, namespace: own ?? names[0] ?? "" });
    }),
  ];
}

/** What `fairway up` brings to a cluster that has no PostgreSQL. */
function databaseIn(namespace: string): readonly KubeObject[] {
  const chart = [...postgresChart()].map(([path, text]) => [path, Buffer.from(text)] as const);
  const set = ["image.registry=registry.example.com", `image.digest=${digest}`, "databases.orders=secret"];
  const options = { releaseName: "postgres", namespace, values: mergeUserValues({ set }) };
  return renderChart(loadChartFolder(new Map(chart)), options).manifests.flatMap(({ content }) => objectsIn(content));
}

interface Release {
  readonly service: string;
  readonly environment: string;
  readonly namespace: string;
}

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

function releaseOf(state: State, { service, environment, namespace }: Release): readonly KubeObject[] {
  const folder = `services/${service}/`;
  const chart = [...state].flatMap(([path, text]) =>
    path.startsWith(folder) ? [[path.slice(folder.length), Buffer.from(text)] as const] : [],
  );
  const files = ["values", service].map((file) => {
    const name = `environments/${environment}/${file}.yaml`;
    return { name, content: state.get(name) ?? "" };
  });
  const values = mergeUserValues({ files, set: [`image.digest=${digest}`] });
  const { manifests } = renderChart(loadChartFolder(new Map(chart)), { releaseName: service, namespace, values });
  return manifests.flatMap(({ content }) => objectsIn(content));
}

function objectsIn(text: string): readonly KubeObject[] {
  return decodeAll(text).filter((each) => each !== null) as unknown as readonly KubeObject[];
}
