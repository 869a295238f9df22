import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "@fairway/yaml";
import { OracleError } from "../machine/oracle-error.ts";
import { run } from "../machine/run.ts";
import type { Report } from "../machine/report.ts";

const root = join(import.meta.dirname, "..", "..");

export interface BringUp {
  readonly kubeconfig: string;
  /** `127.0.0.1:5000/shop` */
  readonly registry: string;
  readonly report: Report;
}

/** `fairway up --context`, as somebody with a cluster says it. */
export async function bringShopUp({ kubeconfig, registry, report }: BringUp): Promise<void> {
  const cli = [process.execPath, join(root, "packages", "cli", "src", "main.ts")];
  const where = ["--platform", join(root, "microservices"), "--env", "dev", "--context", contextOf(kubeconfig)];
  const { code, stdout, stderr } = await run(
    [...cli, "up", ...where, "--registry", registry, "--storage-class", "none"],
    { cwd: root, env: { KUBECONFIG: kubeconfig }, onErrorLine: report },
  );
  if (code === 0) return;
  const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-30).join("\n");
  throw new OracleError("command-failed", `fairway up ended with ${code}:\n${said}`);
}

function contextOf(kubeconfig: string): string {
  const read: unknown = decode(readFileSync(kubeconfig, "utf8"));
  const context: unknown = typeof read === "object" && read !== null ? Reflect.get(read, "current-context") : undefined;
  if (typeof context === "string" && context !== "") return context;
  throw new OracleError("bad-input", `${kubeconfig} has no current context`);
}
