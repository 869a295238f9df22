import { printableAddress } from "./printable-address.ts";

/** A chart as a dependency or an Application names it. */
export interface ChartRequest {
  /** `https://charts.example.com`, or `oci://registry.example.com/charts`. */
  readonly repository: string;
  readonly name: string;
  /** A version or a constraint such as `^1.2` or `>=1.0 <2`; empty for the newest release. */
  readonly version: string;
}

export interface FetchedChart {
  /** The packaged chart, a gzipped tar. */
  readonly archive: Uint8Array;
  readonly version: string;
  /** SHA-256 of the archive. */
  readonly digest: string;
}

export function describe({ name, version, repository }: ChartRequest): string {
  return `chart ${name} ${version === "" ? "(newest)" : version} of ${printableAddress(repository)}`;
}
