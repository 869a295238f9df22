import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { ContractError } from "./contract-error.ts";
import { edgeName } from "./edge.ts";
import type { Edge } from "./edge.ts";

/** Where the contract of an edge lies among those of its consumer. */
export function pactPath(folder: string, { consumer, provider }: Edge): string {
  return join(folder, `${consumer}--${provider}.json`);
}

/**
 * Holds what the consumer's test has made against the file that providers read. `UPDATE_PACTS=1` writes the file anew,
 * for a reviewer to see.
 */
export function recordPact(folder: string, edge: Edge, write: (folder: string) => void): void {
  const made = mkdtempSync(join(tmpdir(), "pact-"));
  try {
    write(made);
    const [name = ""] = readdirSync(made);
    const pact = withoutVersions(JSON.parse(readFileSync(join(made, name), "utf8")));
    keep(pactPath(folder, edge), edge, pact);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function keep(path: string, edge: Edge, pact: unknown): void {
  if (process.env["UPDATE_PACTS"] === "1") {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `${JSON.stringify(pact, null, 2)}\n`);
    return;
  }
  const known: unknown = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  if (isDeepStrictEqual(known, pact)) return;
  const message = `the consumer expects something else than ${path} says: run its tests with UPDATE_PACTS=1, and the provider's tests after them`;
  throw new ContractError("not-recorded", edgeName(edge), message);
}

/** A new version of the engine is no new contract. */
function withoutVersions(pact: { metadata?: { pactRust?: unknown } }): unknown {
  const { pactRust: _, ...metadata } = pact.metadata ?? {};
  return { ...pact, metadata };
}

/** The contracts that other services have made with a provider, below a folder with one folder for each service. */
export function pactsWith(provider: string, services: string): readonly string[] {
  return readdirSync(services, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(`--${provider}.json`) && /(^|[\\/])pacts[\\/][^\\/]+$/.test(path))
    .filter((path) => !path.includes("node_modules"))
    .map((path) => join(services, path))
    .toSorted();
}
