import { createServer } from "node:net";
import { KubeletError, systemCodeOf } from "../kubelet-error.ts";
import type { Container } from "../pods/pod.ts";

/**
 * Pods that are processes share the machine's ports with everything else on it: a program that listens on all addresses has its port on those of
 * the pods too, and a container that declares it would end with nothing but a line in its log.
 */
export async function checkPorts(container: Container, address: string): Promise<void> {
  for (const { containerPort, protocol = "TCP" } of container.ports ?? []) {
    if (protocol !== "TCP" || (await isFree(containerPort, address))) continue;
    const others = address === "127.0.0.1" ? "" : ", or on all addresses";
    throw new KubeletError(
      "start-failed",
      `port ${containerPort} of the pod is taken: a program of this machine listens on ${address}${others}; end it, give the container another port, or use the oci runtime`,
    );
  }
}

async function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Whatever else is wrong (a port that only root may take) the program itself says best.
    server.once("error", (error) => resolve(systemCodeOf(error) !== "EADDRINUSE"));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
