// Runs sections one after the other, in a namespace and a folder of their own.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientPath } from "../diff/clients/client-program.ts";
import { ClusterClient } from "../diff/cluster-client.ts";
import { kubeconfigText, type ClusterAccess } from "../diff/kubeconfig.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { sectionTimeoutMs, shownLinesMax } from "./limits.ts";
import type { Section } from "./sections.ts";
import { words } from "./words.ts";

export interface SectionResult {
  readonly title: string;
  readonly state: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly reason: string;
}

export interface AcceptanceOptions {
  readonly access: ClusterAccess;
  readonly kubectl: string;
  readonly image: string;
  readonly onSection?: (result: SectionResult) => void;
}

export async function runSections(
  sections: readonly Section[],
  options: AcceptanceOptions,
): Promise<readonly SectionResult[]> {
  const client = new ClusterClient(options.access);
  const folder = mkdtempSync(join(tmpdir(), "fairway-acceptance-"));
  const namespace = await makeNamespace(client);
  try {
    writePrograms(folder, options.kubectl);
    writeFileSync(join(folder, "kubeconfig"), kubeconfigText(options.access, namespace), { mode: 0o600 });
    mkdirSync(join(folder, "work"));
    const results: SectionResult[] = [];
    for (const section of sections) {
      const result = await runOne(section, { folder, namespace, image: options.image, client });
      options.onSection?.(result);
      results.push(result);
    }
    return results;
  } finally {
    await client.send({ method: "DELETE", path: `/api/v1/namespaces/${namespace}`, headers: [], body: "" });
    client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly folder: string;
  readonly namespace: string;
  readonly image: string;
  readonly client: ClusterClient;
}

async function runOne(section: Section, place: Place): Promise<SectionResult> {
  const { title, needs, script } = section;
  if (needs !== undefined) {
    const { status } = await place.client.send({ method: "GET", path: `/apis/${needs}`, headers: [], body: "" });
    if (status !== 200) return { title, state: "skipped", reason: `the cluster has no ${needs}` };
  }
  const { code, said } = await shell(script, place);
  const reason = code === 0 ? "" : said.trim().split("\n").slice(-shownLinesMax).join("\n");
  return { title, state: code === 0 ? "passed" : "failed", reason };
}

async function shell(script: string, { folder, namespace, image }: Place): Promise<{ code: number; said: string }> {
  const child = spawn("bash", ["-eu", "-o", "pipefail", "-c", script], {
    cwd: join(folder, "work"),
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: what a section leaves in the background ends with it.
    detached: true,
    env: {
      PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
      HOME: folder,
      KUBECONFIG: join(folder, "kubeconfig"),
      NAMESPACE: namespace,
      IMAGE: image,
      NODE: process.execPath,
      LANG: "C",
    },
  });
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  };
  const { promise, resolve } = Promise.withResolvers<{ code: number; said: string }>();
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const timer = setTimeout(() => {
    said += `\nnot done in ${sectionTimeoutMs / 1000} s`;
    end();
  }, sectionTimeoutMs);
  child.on("exit", () => end());
  child.on("close", (code) => {
    clearTimeout(timer);
    resolve({ code: code ?? 1, said });
  });
  return promise;
}

function writePrograms(folder: string, kubectl: string): void {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const [name, text] of Object.entries(words)) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  for (const program of ["kubectl", "helm"] as const) symlinkSync(clientPath(program, kubectl), join(bin, program));
}

async function makeNamespace(client: ClusterClient): Promise<string> {
  const body = JSON.stringify({ metadata: { generateName: "acceptance-" } });
  const answer = await client.send({ method: "POST", path: "/api/v1/namespaces", headers: [], body });
  if (answer.status !== 201) throw new OracleError("command-failed", `no namespace: ${answer.body}`);
  return (JSON.parse(answer.body) as { readonly metadata: { readonly name: string } }).metadata.name;
}
