import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { BuildError, messageOf, systemCodeOf } from "../build-error.ts";
import { isRecord } from "../oci/manifest.ts";
import { runTool } from "../run-tool.ts";

export type Credentials =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  /** What `docker login` was given by a registry that hands out tokens for tokens. */
  | { readonly kind: "refresh-token"; readonly token: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** Who one is at a registry, as `docker login` and `podman login` wrote it down; undefined for nobody. */
export async function credentialsFor(host: string, env: Environment): Promise<Credentials | undefined> {
  for (const path of configPaths(env)) {
    const config = await readConfig(path);
    if (config === undefined) continue;
    const helper = helperOf(config, host);
    const found = helper === undefined ? storedIn(config, host) : await askHelper(helper, host);
    if (found !== undefined) return found;
  }
  return undefined;
}

function configPaths(env: Environment): readonly string[] {
  const { DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR } = env;
  return [
    ...(REGISTRY_AUTH_FILE ? [REGISTRY_AUTH_FILE] : []),
    join(DOCKER_CONFIG || join(homedir(), ".docker"), "config.json"),
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, "containers", "auth.json")] : []),
  ];
}

async function readConfig(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (isRecord(value)) return value;
    throw new BuildError("unauthorized", `${path} is no object: mend it, or log in again`);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ENOTDIR") return undefined;
    if (error instanceof BuildError) throw error;
    throw new BuildError("unauthorized", `${path} can't be read: ${messageOf(error)}`, error);
  }
}

/** Docker calls its own registry by the address of an interface that is long gone. */
function keysOf(host: string): readonly string[] {
  const names = host === "docker.io" ? ["https://index.docker.io/v1/", "index.docker.io", "docker.io"] : [host];
  return names.flatMap((name) => [name, `https://${name}`, `https://${name}/`, `http://${name}`]);
}

function helperOf(config: Readonly<Record<string, unknown>>, host: string): string | undefined {
  const { credHelpers, credsStore } = config;
  const own = isRecord(credHelpers) ? keysOf(host).map((key) => credHelpers[key]) : [];
  return [...own, credsStore].find((each) => typeof each === "string" && each !== "") as string | undefined;
}

function storedIn(config: Readonly<Record<string, unknown>>, host: string): Credentials | undefined {
  const { auths } = config;
  if (!isRecord(auths)) return undefined;
  for (const key of keysOf(host)) {
    const entry = auths[key];
    if (!isRecord(entry)) continue;
    const { auth, identitytoken, password, username } = entry;
    if (typeof identitytoken === "string" && identitytoken !== "") {
      return { kind: "refresh-token", token: identitytoken };
    }
    if (typeof username === "string" && typeof password === "string") return { kind: "password", username, password };
    if (typeof auth !== "string" || auth === "") continue;
    const text = Buffer.from(auth, "base64").toString("utf8");
    const colon = text.indexOf(":");
    if (colon > 0) return { kind: "password", username: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  return undefined;
}

/** A program that keeps secrets: it is told the host and prints a name and a secret. */
async function askHelper(helper: string, host: string): Promise<Credentials | undefined> {
  if (!/^[\w.-]+$/u.test(helper)) throw new BuildError("unauthorized", `"${helper}" is no name of a credential helper`);
  const server = host === "docker.io" ? "https://index.docker.io/v1/" : host;
  let printed: string;
  try {
    printed = await runTool(`docker-credential-${helper}`, ["get"], { input: server });
  } catch (error) {
    // "credentials not found" is its way to say that nobody logged in.
    if (/not found in native keychain|credentials not found/iu.test(messageOf(error))) return undefined;
    throw new BuildError(
      "unauthorized",
      `docker-credential-${helper} does not answer for ${host}: ${messageOf(error)}`,
      error,
    );
  }
  const value: unknown = JSON.parse(printed);
  if (!isRecord(value)) return undefined;
  const { Secret: secret, Username: username } = value;
  if (typeof secret !== "string" || typeof username !== "string") return undefined;
  return username === "<token>"
    ? { kind: "refresh-token", token: secret }
    : { kind: "password", username, password: secret };
}
