import { spawn } from "node:child_process";
import { KubeError } from "../kube-error.ts";
import { execMsMax, execOutputBytesMax, expiryLeewayMs } from "../limits.ts";
import type { Credentials, CredentialSource } from "../transport.ts";
import type { KubeconfigExec } from "./kubeconfig-file.ts";

export interface ExecPluginOptions {
  readonly exec: KubeconfigExec;
  /** `users[name].exec` of the file, for messages. */
  readonly where: string;
  /** What the plugin is told of the cluster when it asks for it. */
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
  readonly now: () => number;
}

const versions: readonly string[] = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/** Asks a program for credentials, as kubectl does, and remembers them until they end or are refused. */
export function createExecSource(options: ExecPluginOptions): CredentialSource {
  const isInteractive = checkPlugin(options);
  let known: { readonly credentials: Credentials; readonly until: number } | undefined;
  let asking: Promise<Credentials> | undefined;
  const ask = async (): Promise<Credentials> => {
    const answer = parseCredential(await runPlugin(options, isInteractive), options);
    known = answer;
    return answer.credentials;
  };
  return {
    get: async () => {
      if (known !== undefined && options.now() < known.until) return known.credentials;
      asking ??= ask().finally(() => (asking = undefined));
      return asking;
    },
    forget: () => (known = undefined),
  };
}

/** Whether the plugin may talk with a person. */
function checkPlugin({ exec, where, isTerminal }: ExecPluginOptions): boolean {
  const { apiVersion = "(none)", command, interactiveMode } = exec;
  if (!versions.includes(apiVersion)) {
    throw new KubeError(
      "config-unsupported",
      `${where}.apiVersion is ${apiVersion}; known are ${versions.join(" and ")}: write the entry anew with a current version of the plugin`,
    );
  }
  if (command === undefined) throw new KubeError("config-invalid", `${where}.command is missing`);
  if (interactiveMode === undefined && apiVersion === versions[0]) {
    throw new KubeError(
      "config-invalid",
      `${where}.interactiveMode is missing: it is one of Never, IfAvailable, Always`,
    );
  }
  if (interactiveMode === "Never") return false;
  if (interactiveMode === "Always" && !isTerminal) {
    throw new KubeError(
      "credentials",
      `${where}: ${command} has to ask a person (interactiveMode: Always), but this runs without a terminal`,
    );
  }
  return isTerminal;
}

function runPlugin(options: ExecPluginOptions, isInteractive: boolean): Promise<string> {
  const { exec, where, env } = options;
  const { command = "", args } = exec;
  const info = {
    apiVersion: exec.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: isInteractive, ...(exec.provideClusterInfo ? { cluster: options.cluster } : {}) },
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...env, ...exec.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
      stdio: [isInteractive ? "inherit" : "ignore", "pipe", isInteractive ? "inherit" : "pipe"],
      ...(isInteractive ? {} : { timeout: execMsMax }),
    });
    const output = collect(child.stdout, () => child.kill());
    const complaints = collect(child.stderr, () => child.kill());
    const fail = (text: string, cause?: unknown): void => {
      const hint = exec.installHint === undefined ? "" : `\n${exec.installHint}`;
      reject(new KubeError("credentials", `${where}: ${command} ${text}${hint}`, { cause }));
    };
    child.once("error", (error) =>
      fail("code" in error && error.code === "ENOENT" ? "is not installed" : `did not start: ${error.message}`, error),
    );
    child.once("close", (code, signal) => {
      if (code === 0) resolve(output());
      else fail(`ended with ${signal ?? `exit code ${code ?? "none"}`}: ${complaints().trim() || "it said nothing"}`);
    });
  });
}

function collect(stream: NodeJS.ReadableStream | null, tooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream?.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > execOutputBytesMax) tooMuch();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function parseCredential(
  text: string,
  { exec, where }: ExecPluginOptions,
): { credentials: Credentials; until: number } {
  const wrong = (what: string, cause?: unknown): KubeError =>
    new KubeError("credentials", `${where}: ${exec.command ?? ""} ${what}`, { cause });
  let value: { apiVersion?: unknown; kind?: unknown; status?: Record<string, unknown> | null };
  try {
    value = JSON.parse(text) as typeof value;
  } catch (error) {
    throw wrong("did not print JSON", error);
  }
  if (value.kind !== "ExecCredential" || value.apiVersion !== exec.apiVersion) {
    const found = `${String(value.apiVersion)} ${String(value.kind)}`;
    throw wrong(`printed ${found}, but ${exec.apiVersion ?? ""} ExecCredential was asked for`);
  }
  const at = (key: string): string | undefined => {
    const found = value.status?.[key];
    return typeof found === "string" && found !== "" ? found : undefined;
  };
  const [token, certificate, key] = [at("token"), at("clientCertificateData"), at("clientKeyData")];
  if (token === undefined && certificate === undefined) throw wrong("printed neither a token nor a certificate");
  if ((certificate === undefined) !== (key === undefined)) throw wrong("printed a certificate or a key, but not both");
  const expiry = at("expirationTimestamp");
  const until = expiry === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiry) - expiryLeewayMs;
  if (Number.isNaN(until)) throw wrong(`printed "${expiry ?? ""}" as expirationTimestamp, which is no time`);
  return {
    until,
    credentials: {
      ...(token === undefined ? {} : { token }),
      ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
    },
  };
}
