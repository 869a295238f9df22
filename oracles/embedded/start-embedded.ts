import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCluster } from "@fairway/cluster";
import { ensureImages } from "../images/build-images.ts";
import { missingCniLine } from "../kubernetes/cni.ts";
import { OracleError } from "../machine/oracle-error.ts";
import type { Report } from "../machine/report.ts";
import { missingToolsLine } from "../machine/tools.ts";

export interface EmbeddedOptions {
  readonly runtime: "process" | "oci";
  readonly report: Report;
  /** OCI layouts beside that of the suite's images. */
  readonly imageLayouts?: readonly string[];
}

export interface Embedded {
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
}

/** Why this machine can't run the pods of the embedded cluster in containers, in one line; undefined when it can. */
export function whyNoOci(): string | undefined {
  if (process.platform !== "linux") return "containers need Linux";
  if (process.getuid?.() !== 0) return "containers of the embedded cluster need root here";
  return missingToolsLine(["runc", "ip", "iptables"]) ?? missingCniLine();
}

/** The embedded cluster with a node, in this process, with the images of the suite in reach. */
export async function startEmbedded({ runtime, report, imageLayouts = [] }: EmbeddedOptions): Promise<Embedded> {
  const layout = await ensureImages(report);
  const folder = mkdtempSync(join(tmpdir(), "fairway-embedded-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const cluster = await startCluster({
      folder,
      port: 0,
      parts: "node",
      runtime,
      nodeName: "embedded-node",
      imageLayouts: [layout, ...imageLayouts],
      log: () => undefined,
    });
    if (cluster.kubeconfigPath === undefined) throw new OracleError("bad-state", "the cluster wrote no kubeconfig");
    const close = async (): Promise<void> => {
      await cluster.close();
      remove();
    };
    return { kubeconfig: cluster.kubeconfigPath, close };
  } catch (error) {
    remove();
    throw error;
  }
}
