/** A user and a password for a host, as `helm registry login` and `docker login` keep them. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type FindCredentials = (host: string) => Credentials | undefined;

/** Reads the `auths` of a Docker `config.json`. Helpers that run programs are not asked. */
export function credentialsFromDockerConfig(text: string): FindCredentials {
  const config: unknown = JSON.parse(text);
  const auths = typeof config === "object" && config !== null && "auths" in config ? config.auths : undefined;
  const known = new Map<string, Credentials>();
  for (const [address, entry] of Object.entries(typeof auths === "object" && auths !== null ? auths : {})) {
    const found = credentialsOf(entry);
    if (found) known.set(hostOf(address), found);
  }
  return (host) => known.get(host);
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
