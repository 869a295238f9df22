import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ClusterClient } from "../diff/cluster-client.ts";
import { formatDifference } from "../diff/difference.ts";
import { readClusterAccess } from "../diff/kubeconfig.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import { compareClusters, type Comparison } from "./compare-clusters.ts";
import { lookEveryMs, settleMs } from "./limits.ts";
import { readState } from "./read-objects.ts";

export const sameObjectsHelp = `All objects of the same namespaces of two clusters, held against each other.

  npm run oracle -- same-objects --real F --embedded F --namespace NS [--namespace NS] \\
      [--real-registry HOST/PATH] [--embedded-registry HOST/PATH]

Left out are uids, times, addresses, names of nodes, resource versions, the ends of generated names, identities of
containers, ports that the cluster chose, the host and path of the registry, how often an EndpointSlice was written, and what
is in secrets and certificates.
Everything else has to be the same: exit code 1 when anything differs for four minutes.
`;

const options = {
  real: { type: "string" },
  embedded: { type: "string" },
  namespace: { type: "string", multiple: true, default: [] as string[] },
  "real-registry": { type: "string", default: "" },
  "embedded-registry": { type: "string", default: "" },
} as const;

export async function sameObjectsCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const { real, embedded, namespace: namespaces } = values;
  if (real === undefined || embedded === undefined || namespaces.length === 0)
    throw new OracleError("usage", "--real, --embedded and --namespace are needed: see --help");
  const comparison = await settledComparison(namespaces, [
    { kubeconfig: real, registry: values["real-registry"] },
    { kubeconfig: embedded, registry: values["embedded-registry"] },
  ]);
  process.stdout.write(formatComparison(comparison));
  return comparison.different.length === 0 ? 0 : 1;
}

export interface ClusterToCompare {
  readonly kubeconfig: string;
  readonly registry: string;
}

/** Looks until both agree, or until they have had the time to. */
export async function settledComparison(
  namespaces: readonly string[],
  clusters: readonly [real: ClusterToCompare, embedded: ClusterToCompare],
): Promise<Comparison> {
  const clients = clusters.map(({ kubeconfig }) => new ClusterClient(readClusterAccess(kubeconfig)));
  const end = performance.now() + settleMs;
  try {
    for (;;) {
      const [real, embedded] = await Promise.all(
        clients.map(async (client, index) => ({
          ...(await readState(client, namespaces)),
          registry: clusters[index]?.registry ?? "",
        })),
      );
      if (real === undefined || embedded === undefined) throw new TypeError("two clusters are compared");
      const comparison = compareClusters(real, embedded);
      if (comparison.different.length === 0 || performance.now() > end) return comparison;
      reportToTerminal(`${comparison.different.length} of ${comparison.compared} objects differ; looking again`);
      await setTimeout(lookEveryMs);
    }
  } finally {
    for (const client of clients) client.close();
  }
}

export function formatComparison({ compared, different, leftOut }: Comparison): string {
  const lines = different.flatMap(({ object, differences }) => [object, ...differences.map(formatDifference)]);
  const left = leftOut.map((each) => `left out: ${each}`);
  return `${[...lines, ...left, `${compared - different.length} of ${compared} objects are the same`].join("\n")}\n`;
}
