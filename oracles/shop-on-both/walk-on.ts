// A customer's walk through the shop, in any cluster: the way in is a forwarded port.
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { clientPath, ensureClients, usualKubectlVersions } from "../diff/clients/client-program.ts";
import { OracleError } from "../machine/oracle-error.ts";
import type { Report } from "../machine/report.ts";
import { run } from "../machine/run.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { forwardMs } from "./limits.ts";

export interface WalkOn {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly report: Report;
}

const root = join(import.meta.dirname, "..", "..");

/** Fails with what was not as it should be. */
export async function walkOn({ kubeconfig, namespace, report }: WalkOn): Promise<void> {
  await ensureClients(report);
  const kubectl = clientPath("kubectl", usualKubectlVersions.at(-1) ?? "");
  const where = ["--kubeconfig", kubeconfig, "--namespace", namespace];
  const child = spawn(kubectl, [...where, "port-forward", "service/gateway-service", ":8080"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("error", () => resolve()).once("close", () => resolve()));
  try {
    const port = await forwardedPort(child);
    const walk = join(root, "packages", "shop-tests", "walk.ts");
    const command = [process.execPath, walk, "--url", `http://127.0.0.1:${port}`];
    const { code, stdout, stderr } = await run(command, { cwd: root, onErrorLine: report });
    if (code !== 0) throw new OracleError("command-failed", `the walk ended with ${code}:\n${stdout}\n${stderr}`);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

async function forwardedPort(child: ChildProcess): Promise<string> {
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const port = (): string | undefined => /Forwarding from 127\.0\.0\.1:(\d+)/u.exec(said)?.[1];
  await waitUntil(() => port() !== undefined, {
    what: "the forwarded port of the gateway",
    timeoutMs: forwardMs,
    hopeless: () => (child.exitCode === null ? undefined : `kubectl port-forward ended with ${child.exitCode}`),
  });
  return port() ?? "";
}
