import { buildImages, buildPostgresImage, parsePlatform, pushImages, type BuiltImage } from "@fairway/build";
import { loadKubeconfig, type ClusterAccess, type KubeObject } from "@fairway/kube-client";
import { imageRegistryOf, namespaceOf } from "@fairway/manifests";
import { join } from "node:path";
import { CliError } from "../../cli-error.ts";
import type { Progress } from "../../terminal/progress.ts";
import { databasesOf } from "../control-plan.ts";
import { deploy, type Deployed } from "../deploy.ts";
import { newSecret, platformSecrets } from "../secrets.ts";
import type { WantedService } from "../service-state.ts";
import { withSteadySources } from "../steady-sources.ts";
import { Stopwatch } from "../stopwatch.ts";
import type { Workspace } from "../workspace.ts";
import { broughtDatabase } from "./brought-database.ts";
import { addressFor, prepareDatabases } from "./given-database.ts";
import { keptValues, readKeptValues } from "./kept-values.ts";
import { preflight, type Finding } from "./preflight.ts";

export interface ElsewhereOptions {
  readonly environment: string;
  readonly context: string;
  /** Where images are pushed to and pulled from: `HOST/PATH`. */
  readonly registry: string;
  readonly storageClass: string;
  /** Of a PostgreSQL that others run, as a role that may make roles and databases; undefined when one is brought along. */
  readonly database: string | undefined;
  readonly secrets: ReadonlyMap<string, string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** What the cluster has and lacks, before anything in it is changed. */
  readonly onFindings: (findings: readonly Finding[]) => void;
}

export interface Elsewhere extends Deployed {
  readonly server: string;
  readonly images: readonly BuiltImage[];
  readonly uploadedBytes: number;
  readonly tookMs: Readonly<Record<string, number>>;
}

/** The same environment on a cluster that others run: images go to a registry, and the charts are the same. */
export async function upElsewhere(workspace: Workspace, options: ElsewhereOptions): Promise<Elsewhere> {
  const { context, env, progress, environment, registry, signal } = options;
  const stopwatch = new Stopwatch();
  const access = await loadKubeconfig({ context, env });
  try {
    progress.update("looking at the cluster");
    const platforms = await requireFit(access, workspace, options);
    progress.update("building images");
    const made = await stopwatch.time("images", imagesFor(workspace, platforms, options));
    progress.update(`pushing images to ${registry}`);
    const uploadedBytes = await stopwatch.time(
      "push",
      pushAll([...made.services, ...made.postgres], workspace, options),
    );
    const foundation = await foundationOf(access, workspace, { ...options, postgres: made.postgres[0] });
    const images = made.services;
    const deployed = await deploy(access.client, workspace, {
      environment,
      images,
      registry,
      foundation: foundation.objects,
      besides: foundation.besides,
      signal,
      progress,
      stopwatch,
    });
    return { ...deployed, server: access.server, images, uploadedBytes, tookMs: stopwatch.tookMs };
  } finally {
    access.client.close();
  }
}

/** Nothing is changed in a cluster that lacks something. */
async function requireFit(
  { client }: ClusterAccess,
  workspace: Workspace,
  { environment, storageClass, database, onFindings }: ElsewhereOptions,
): Promise<readonly string[]> {
  const { databases, databaseNamespaces } = databasesOf(workspace, environment);
  const { findings, platforms } = await preflight(client, {
    namespaces: databaseNamespaces,
    storageClass: databases.length === 0 || database !== undefined ? undefined : storageClass,
  });
  onFindings(findings);
  const lacking = findings.filter(({ verdict }) => verdict === "lacks");
  if (lacking.length > 0) {
    const said = lacking.map(({ subject, found }) => `${subject}: ${found}`).join("; ");
    const hint = lacking.map(({ whatToDo }) => whatToDo).join("; ");
    throw new CliError("environment", `the cluster lacks something, and nothing was changed in it: ${said}`, { hint });
  }
  return platforms.length === 0 ? ["linux/amd64"] : platforms;
}

interface MadeImages {
  readonly services: readonly BuiltImage[];
  /** None when it runs elsewhere. */
  readonly postgres: readonly BuiltImage[];
}

async function imagesFor(
  workspace: Workspace,
  platforms: readonly string[],
  { environment, database, signal }: ElsewhereOptions,
): Promise<MadeImages> {
  const { folder, sources, platform, state } = workspace;
  const common = {
    layout: join(state, "images"),
    cache: join(state, "cache", "images"),
    platforms: platforms.map(parsePlatform),
    registry: imageRegistryOf(platform),
    signal,
  };
  const services = await withSteadySources(folder, () => buildImages({ ...common, root: folder, services: sources }));
  const isNeeded = database === undefined && databasesOf(workspace, environment).databases.length > 0;
  return { services, postgres: isNeeded ? [await buildPostgresImage(common)] : [] };
}

async function pushAll(
  images: readonly BuiltImage[],
  { state }: Workspace,
  { registry, env, signal }: ElsewhereOptions,
): Promise<number> {
  const pushed = await pushImages(images, { layout: join(state, "images"), target: registry, env, signal });
  return pushed.reduce((sum, { uploadedBytes }) => sum + uploadedBytes, 0);
}

interface Foundation {
  readonly objects: readonly KubeObject[];
  readonly besides: readonly WantedService[];
}

async function foundationOf(
  { client }: ClusterAccess,
  workspace: Workspace,
  options: ElsewhereOptions & { readonly postgres: BuiltImage | undefined },
): Promise<Foundation> {
  const { environment, database: address, secrets: given } = options;
  const { databases, databaseNamespaces } = databasesOf(workspace, environment);
  const [namespace = namespaceOf(workspace.platform, environment, ""), ...otherNamespaces] = databaseNamespaces;
  const known = { ...(await readKeptValues(client, namespace)) };
  const passwords = Object.fromEntries(
    databases.map((database) => [database, (known[`postgres/${database}`] ??= newSecret())]),
  );
  if (address !== undefined) await prepareDatabases(address, passwords);
  const { objects, kept } = platformSecrets(workspace, {
    environment,
    known,
    given,
    databaseUrl: (database) => addressFor(address ?? "postgres://postgres:5432", database, passwords[database] ?? ""),
  });
  const secrets = [keptValues(namespace, kept), ...objects];
  if (options.postgres === undefined) return { objects: secrets, besides: [] };
  const { registry, storageClass, postgres } = options;
  const { digest } = postgres;
  const database = broughtDatabase({
    namespace,
    otherNamespaces,
    registry,
    digest,
    storageClass,
    databases: passwords,
  });
  return { objects: [...secrets, ...database], besides: [{ service: postgres.service, namespace }] };
}
