import { isIPv6 } from "node:net";
import { canonicalAddress } from "../validation/addresses.ts";

/** IPv6 has many ways to write one address, of which one is the proper one. */
export function addressWarnings(addresses: readonly string[], field: string): string[] {
  return addresses.flatMap((address, index) => {
    if (!isIPv6(address)) return [];
    const proper = canonicalAddress(address);
    if (proper === address) return [];
    const [given, better] = [JSON.stringify(address), JSON.stringify(proper)];
    return [`${field}[${index}]: IPv6 address ${given} should be in RFC 5952 canonical format (${better})`];
  });
}
