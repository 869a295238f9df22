import { ChartsError } from "./charts-error.ts";

/** A user and a password for a host, as `helm registry login` and `docker login` keep them. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type FindCredentials = (host: string) => Credentials | undefined;

/** Docker's own registry is known by several names. */
const dockerHubHosts = ["registry-1.docker.io", "index.docker.io", "docker.io"];

/** Reads the `auths` of a Docker `config.json`. Helpers that run programs are not asked. */
export function credentialsFromDockerConfig(text: string): FindCredentials {
  const config = parseConfig(text);
  const auths = typeof config === "object" && config !== null && "auths" in config ? config.auths : undefined;
  const known = new Map<string, Credentials>();
  for (const [address, entry] of Object.entries(typeof auths === "object" && auths !== null ? auths : {})) {
    const found = credentialsOf(entry);
    if (found) known.set(hostOf(address), found);
  }
  return (host) => {
    const names = dockerHubHosts.includes(host) ? [host, ...dockerHubHosts] : [host];
    return names.map((name) => known.get(name)).find((found) => found !== undefined);
  };
}

function parseConfig(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The cause is left out: it repeats a piece of the file, which holds passwords.
    throw new ChartsError("bad-credentials-file", "the Docker config.json with the credentials is no JSON; mend it");
  }
}

function credentialsOf(entry: unknown): Credentials | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  if ("auth" in entry && typeof entry.auth === "string") {
    const text = Buffer.from(entry.auth, "base64").toString("utf8");
    const colon = text.indexOf(":");
    if (colon > 0) return { username: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  const { username, password } = entry as { username?: unknown; password?: unknown };
  return typeof username === "string" && typeof password === "string" ? { username, password } : undefined;
}

function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, "").split("/")[0] ?? address;
}

export function basicAuthorization({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** What stands before the `@` of an address. */
export function credentialsInAddress({ username, password }: URL): Credentials | undefined {
  return username === "" ? undefined : { username: decoded(username), password: decoded(password) };
}

function decoded(text: string): string {
  // A lone percent sign is part of the password.
  return /%(?![0-9a-f]{2})/i.test(text) ? text : decodeURIComponent(text);
}
