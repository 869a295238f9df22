import { readFile } from "node:fs/promises";
import { KubeError } from "../kube-error.ts";
import { tokenFileMs } from "../limits.ts";
import type { Credentials, CredentialSource } from "../transport.ts";
import { createExecSource } from "./exec-plugin.ts";
import type { KubeconfigUser } from "./kubeconfig-file.ts";

export interface CredentialContext {
  /** `KUBECONFIG: users[name]`, for messages. */
  readonly where: string;
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
  readonly now: () => number;
}

/** How this user of a kubeconfig proves who it is. */
export async function credentialSourceOf(user: KubeconfigUser, context: CredentialContext): Promise<CredentialSource> {
  const { where } = context;
  if (user.authProvider !== undefined) {
    throw new KubeError(
      "config-unsupported",
      `${where}.auth-provider (${user.authProvider}): Kubernetes has no auth providers since 1.26: use the credential plugin of your provider (exec)`,
    );
  }
  const fixed = await certificateOf(user, where);
  const hasToken = user.token !== undefined || user.tokenFile !== undefined;
  if (user.username !== undefined && (hasToken || user.exec !== undefined)) {
    throw new KubeError("config-invalid", `${where} has a username and another way to prove who it is: leave one`);
  }
  if (user.exec !== undefined && !hasToken) {
    const source = createExecSource({ ...context, exec: user.exec, where: `${where}.exec` });
    return { ...source, get: async () => ({ ...fixed, ...(await source.get()) }) };
  }
  if (user.tokenFile !== undefined) return tokenFileSource(user.tokenFile, { ...fixed, ...tokenOf(user) }, context.now);
  const { username, password } = user;
  const basic = username === undefined ? {} : { username, ...(password === undefined ? {} : { password }) };
  const credentials = { ...fixed, ...tokenOf(user), ...basic };
  return { get: async () => credentials, forget: () => undefined };
}

/** Reads the token anew when it is some seconds old; the last one that could be read is used, and before that `fallback`. */
export function tokenFileSource(path: string, fallback: Credentials, now: () => number): CredentialSource {
  let known = fallback;
  let until = Number.NEGATIVE_INFINITY;
  return {
    get: async () => {
      if (now() < until) return known;
      try {
        const token = (await readFile(path, "utf8")).trim();
        if (token !== "") known = { ...fallback, token };
        until = now() + tokenFileMs;
      } catch (error) {
        if (known.token === undefined) {
          throw new KubeError("credentials", `the token file ${path} can't be read: ${String(error)}`, {
            cause: error,
          });
        }
      }
      if (known.token === undefined) throw new KubeError("credentials", `the token file ${path} is empty`);
      return known;
    },
    forget: () => (until = Number.NEGATIVE_INFINITY),
  };
}

function tokenOf({ token }: KubeconfigUser): Credentials {
  return token === undefined ? {} : { token };
}

async function certificateOf(user: KubeconfigUser, where: string): Promise<Credentials> {
  const certificate = await pemOf(user.certificateData, user.certificateFile, `${where}.client-certificate`);
  const key = await pemOf(user.keyData, user.keyFile, `${where}.client-key`);
  if (certificate === undefined && key === undefined) return {};
  if (certificate === undefined || key === undefined) {
    const missing = certificate === undefined ? "client-certificate" : "client-key";
    throw new KubeError("config-invalid", `${where} has no ${missing}, without which the other is of no use`);
  }
  return { certificate, key };
}

/** Data wins over a file, as everywhere in a kubeconfig. */
export async function pemOf(
  data: string | undefined,
  file: string | undefined,
  where: string,
): Promise<Buffer | undefined> {
  if (data !== undefined) {
    const bytes = Buffer.from(data, "base64");
    if (!bytes.toString("latin1").includes("-----BEGIN ")) {
      throw new KubeError("config-invalid", `${where}-data is not PEM in base64`);
    }
    return bytes;
  }
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (error) {
    throw new KubeError("config-invalid", `${where}: ${file} can't be read: ${String(error)}`, { cause: error });
  }
}
