import { isIP, isIPv6 } from "node:net";
import { canonicalAddress, readAddress } from "../validation/addresses.ts";

/** IPv6 has many ways to write one address, of which one is the proper one; others are only read because they always were. */
export function addressWarnings(addresses: readonly string[], field: string): string[] {
  return addresses.flatMap((address, index) => addressWarning(address, `${field}[${index}]`));
}

export function addressWarning(address: string, field: string): string[] {
  const read = readAddress(address);
  if (isIP(read) === 0) return [];
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/iu.exec(read)?.[1];
  if (read !== address || mapped !== undefined) {
    const [given, better] = [JSON.stringify(address), JSON.stringify(mapped ?? canonicalAddress(read))];
    return [
      `${field}: non-standard IP address ${given} will be considered invalid in a future Kubernetes release: use ${better}`,
    ];
  }
  const proper = canonicalAddress(address);
  if (!isIPv6(address) || proper === address) return [];
  const [given, better] = [JSON.stringify(address), JSON.stringify(proper)];
  return [`${field}: IPv6 address ${given} should be in RFC 5952 canonical format (${better})`];
}
