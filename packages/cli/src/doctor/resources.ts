import { finding, requirement, type Finding } from "./finding.ts";
import type { Machine } from "./machine.ts";

const gibibyte = 1024 ** 3;
/** The shop with everything around it stays below 1.5 GB. */
const memoryForShopBytes = 2 * gibibyte;
const diskForStateBytes = 2 * gibibyte;

const ports = [
  { port: 7070, use: "console, Git, registry and telemetry" },
  { port: 6443, use: "the Kubernetes API" },
  { port: 8080, use: "the ingress" },
] as const;

export async function checkResources(machine: Machine): Promise<readonly Finding[]> {
  const freeDiskBytes = await machine.freeDiskBytes();
  return [
    finding(
      "processor",
      "ok",
      `${machine.cores} cores, ${machine.architecture}, ${machine.platform}`,
      "two cores are enough",
    ),
    machine.memoryBytes >= memoryForShopBytes
      ? finding("memory", "ok", inGibibytes(machine.memoryBytes), "enough for the reference shop")
      : finding(
          "memory",
          "limited",
          inGibibytes(machine.memoryBytes),
          "checking and rendering work; the shop wants 2 GiB",
        ),
    freeDiskBytes >= diskForStateBytes
      ? requirement("disk", "ok", `${inGibibytes(freeDiskBytes)} free`, "enough for images and state")
      : requirement("disk", "limited", `${inGibibytes(freeDiskBytes)} free`, "free some: images and state want 2 GiB"),
    ...(await Promise.all(ports.map((each) => checkPort(machine, each)))),
  ];
}

async function checkPort(machine: Machine, { port, use }: { port: number; use: string }): Promise<Finding> {
  const problem = await machine.portProblem(port);
  if (problem === undefined) return finding(`port ${port}`, "ok", "free", `for ${use}`);
  const why = problem === "EADDRINUSE" ? "taken" : problem;
  return finding(
    `port ${port}`,
    "limited",
    why,
    `meant for ${use}: stop what listens there, or move all ports together`,
  );
}

function inGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
