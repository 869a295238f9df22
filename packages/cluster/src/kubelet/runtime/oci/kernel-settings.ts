import { runTool } from "../../../network/run-tool.ts";
import { KubeletError } from "../../kubelet-error.ts";
import type { NamespaceFiles } from "./namespaces.ts";

/** What a pod wants set in its own namespaces; a value that the kernel doesn't take is told before any container is made. */
export async function setKernelSettings(
  settings: readonly { readonly name: string; readonly value: string }[],
  { network, ipc }: NamespaceFiles,
): Promise<void> {
  for (const { name, value } of settings) {
    const path = `/proc/sys/${name.replaceAll(".", "/")}`;
    const { code, stderr } = await runTool(["nsenter", `--net=${network}`, `--ipc=${ipc}`, "tee", path], {
      input: value,
    });
    // Where this process may not write there, the engine does it for each container.
    if (code === 0 || !/: Invalid argument$/mu.test(stderr)) continue;
    // In the words that container engines put around it.
    const why = `unable to start container process: error during container init: write ${path}: invalid argument: unknown`;
    const text = `failed to create shim task: OCI runtime create failed: runc create failed: ${why}`;
    throw new KubeletError(
      "sandbox-failed",
      `rpc error: code = Unknown desc = failed to create containerd task: ${text}`,
    );
  }
}
