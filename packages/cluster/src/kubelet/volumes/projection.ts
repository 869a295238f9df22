import { KubeletError } from "../kubelet-error.ts";
import { fieldValue, resourceValue } from "../pods/downward.ts";
import type { DownwardFacts } from "../pods/downward.ts";
import type { ConfigContent, ConfigSource } from "../pods/environment.ts";
import type { DownwardFile, KeyToPath, Pod, Projection, Volume } from "../pods/pod.ts";
import type { FileContent } from "./atomic-folder.ts";
import type { TokenSource } from "./service-account-tokens.ts";

export interface ProjectionRequest {
  readonly pod: Pod;
  readonly config: ConfigSource;
  readonly facts: DownwardFacts;
  readonly tokens: TokenSource;
}

const defaultFileMode = 0o644;
/** Readable by the group that owns it only: a token is a secret. */
const tokenMode = 0o600;

/** The files of a volume that is made of ConfigMaps, Secrets, tokens and facts of the pod; undefined for other volumes. */
export async function projectedFiles(
  volume: Volume,
  request: ProjectionRequest,
): Promise<Map<string, FileContent> | undefined> {
  const found = sourcesOf(volume);
  if (found === undefined) return undefined;
  const files = new Map<string, FileContent>();
  for (const source of found.sources) await addSource(files, source, { ...request, mode: found.mode });
  return files;
}

function sourcesOf(volume: Volume): { sources: readonly Projection[]; mode: number } | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) return { sources: [{ configMap }], mode: configMap.defaultMode ?? defaultFileMode };
  if (secret !== undefined) {
    const { secretName: name = "", defaultMode, ...rest } = secret;
    return { sources: [{ secret: { ...rest, name } }], mode: defaultMode ?? defaultFileMode };
  }
  if (downwardAPI !== undefined)
    return { sources: [{ downwardAPI }], mode: downwardAPI.defaultMode ?? defaultFileMode };
  if (projected !== undefined)
    return { sources: projected.sources ?? [], mode: projected.defaultMode ?? defaultFileMode };
  return undefined;
}

type SourceRequest = ProjectionRequest & { readonly mode: number };

async function addSource(files: Map<string, FileContent>, source: Projection, request: SourceRequest): Promise<void> {
  const { namespace } = request.pod.metadata;
  if (source.configMap !== undefined) {
    const { name = "" } = source.configMap;
    const content = await request.config.configMap(namespace, name);
    addConfig(files, content, { ...source.configMap, name, kind: "configmap", mode: request.mode });
  }
  if (source.secret !== undefined) {
    const { name = "" } = source.secret;
    const content = await request.config.secret(namespace, name);
    addConfig(files, content, { ...source.secret, name, kind: "secret", mode: request.mode });
  }
  for (const item of source.downwardAPI?.items ?? []) {
    files.set(item.path, { bytes: Buffer.from(downwardText(item, request)), mode: item.mode ?? request.mode });
  }
  if (source.serviceAccountToken !== undefined) {
    const { audience, expirationSeconds, path } = source.serviceAccountToken;
    const token = await request.tokens.token(request.pod, { audience, expirationSeconds });
    const isOwnersOnly = request.pod.spec.securityContext?.fsGroup === undefined;
    files.set(path, { bytes: Buffer.from(token), mode: isOwnersOnly ? tokenModeFor(request) : tokenMode });
  }
}

/** Where no container runs as another user than root, only the owner may read a token. */
function tokenModeFor(request: SourceRequest): number {
  const { pod } = request;
  const users = [
    pod.spec.securityContext?.runAsUser,
    ...pod.spec.containers.map((each) => each.securityContext?.runAsUser),
  ];
  return users.some((user) => user !== undefined && user !== 0) ? tokenMode : request.mode;
}

interface ConfigProjection {
  readonly name: string;
  readonly kind: "configmap" | "secret";
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
  readonly mode: number;
}

function addConfig(
  files: Map<string, FileContent>,
  content: ConfigContent | undefined,
  wanted: ConfigProjection,
): void {
  const { name, kind, items, optional = false, mode } = wanted;
  if (content === undefined) {
    if (optional) return;
    throw new KubeletError("volume-failed", `${kind} ${JSON.stringify(name)} not found`);
  }
  if (items === undefined || items.length === 0) {
    for (const [key, bytes] of content) files.set(key, { bytes, mode });
    return;
  }
  for (const item of items) {
    const bytes = content.get(item.key);
    if (bytes !== undefined) files.set(item.path, { bytes, mode: item.mode ?? mode });
    else if (!optional)
      throw new KubeletError(
        "volume-failed",
        `${kind === "secret" ? "references non-existent secret" : "configmap references non-existent config"} key: ${item.key}`,
      );
  }
}

function downwardText(item: DownwardFile, { pod, facts }: SourceRequest): string {
  if (item.fieldRef !== undefined) return fieldValue(pod, item.fieldRef.fieldPath, facts);
  if (item.resourceFieldRef !== undefined)
    return resourceValue(pod, undefined, { reference: item.resourceFieldRef, facts });
  return "";
}
