import { fails } from "../cel-error.ts";
import { opaque } from "../cel-type.ts";
import type { Library } from "../declarations.ts";
import { overload } from "../signature.ts";
import { Opaque } from "../value.ts";
import type { Value } from "../value.ts";

/** An address as a number of 32 or 128 bits. */
interface Address {
  readonly bits: 32 | 128;
  readonly number: bigint;
  /** Bytes, for the cost of functions. */
  readonly costSize: number;
}

interface Network {
  readonly address: Address;
  readonly prefix: number;
  readonly costSize: number;
}

function readIPv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((number, part) => number * 256n + BigInt(part), 0n);
}

function readIPv6(text: string): bigint | undefined {
  let source = text;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted !== null) {
    const low = readIPv4(dotted[2] ?? "");
    if (low === undefined) return undefined;
    source = `${dotted[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.reduce((number, group) => number * 65536n + BigInt(`0x${group}`), 0n);
}

const MAPPED = 0xffffn;

function readAddress(text: string): Address | string {
  const four = readIPv4(text);
  if (four !== undefined) return { bits: 32, number: four, costSize: 4 };
  const [plain = "", ...zone] = text.split("%");
  const six = plain.includes(":") ? readIPv6(plain) : undefined;
  const quoted = JSON.stringify(text);
  if (six === undefined) {
    return `IP Address ${quoted} parse error during conversion from string: ParseAddr(${quoted}): ${whyNot(text)}`;
  }
  if (zone.length > 0) return `IP address ${quoted} with zone value is not allowed`;
  if (six >> 32n === MAPPED) return `IPv4-mapped IPv6 address ${quoted} is not allowed`;
  return { bits: 128, number: six, costSize: 16 };
}

function whyNot(text: string): string {
  const first = /[.:%]/.exec(text)?.[0];
  if (first === undefined) return "unable to parse IP";
  if (first === "%") return "missing IPv6 address";
  if (first === ":") return "unexpected character";
  const odd = /[^0-9.]/.exec(text);
  if (odd !== null) return `unexpected character (at ${JSON.stringify(text.slice(odd.index))})`;
  const fields = text.split(".");
  if (fields.some((field) => /^0\d/.test(field))) return "IPv4 field has octet with leading zero";
  if (fields.some((field) => Number(field) > 255)) return "IPv4 field has value >255";
  if (fields.includes("")) return "IPv4 field must have at least one digit";
  return fields.length > 4 ? "IPv4 address too long" : "IPv4 address too short";
}

function addressText({ bits, number }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join(".");
  const groups = Array.from({ length: 8 }, (_, index) => ((number >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (groups[start + length] === "0") length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

function readNetwork(text: string): Network | string {
  const parts = /^(.*)\/(\d{1,3})$/.exec(text);
  const quoted = JSON.stringify(text);
  if (parts === null)
    return `network address parse error during conversion from string: netip.ParsePrefix(${quoted}): no '/'`;
  const [, plain = "", prefix = ""] = parts;
  const address = readAddress(plain);
  if (typeof address === "string") {
    if (address.startsWith("IPv4-mapped")) return `IPv4-mapped IPv6 address ${quoted} is not allowed`;
    return `network address parse error during conversion from string: netip.ParsePrefix(${quoted}): ParseAddr(${JSON.stringify(plain)}): unable to parse IP`;
  }
  if (Number(prefix) > address.bits || (prefix.length > 1 && prefix.startsWith("0"))) {
    return `network address parse error during conversion from string: netip.ParsePrefix(${quoted}): prefix length out of range`;
  }
  return { address, prefix: Number(prefix), costSize: Math.ceil(Number(prefix) / 8) };
}

function mask({ address, prefix }: Network): bigint {
  const host = BigInt(address.bits - prefix);
  return (address.number >> host) << host;
}

const IP = "net.IP";
const CIDR = "net.CIDR";

function ip(address: Address | string): Opaque {
  if (typeof address === "string") throw fails(address);
  return new Opaque(IP, address, (other) => {
    const { bits, number } = other as Address;
    return bits === address.bits && number === address.number;
  });
}

function cidr(network: Network | string): Opaque {
  if (typeof network === "string") throw fails(`network address parse error during conversion from string: ${network}`);
  return new Opaque(CIDR, network, (other) => {
    const { address, prefix } = other as Network;
    return (
      prefix === network.prefix && address.number === network.address.number && address.bits === network.address.bits
    );
  });
}

function addressOf(value: Value | undefined): Address {
  return (value as Opaque).content as Address;
}

function networkOf(value: Value | undefined): Network {
  return (value as Opaque).content as Network;
}

function containsAddress(network: Network, address: Address): boolean {
  return network.address.bits === address.bits && mask(network) === mask({ ...network, address });
}

function containsNetwork(outer: Network, inner: Network): boolean {
  return outer.prefix <= inner.prefix && containsAddress(outer, inner.address);
}

type Test = (address: Address) => boolean;

function high(address: Address, length: number): bigint {
  return address.number >> BigInt(address.bits - length);
}

const isUnspecified: Test = ({ number }) => number === 0n;
const isLoopback: Test = (address) => (address.bits === 32 ? high(address, 8) === 127n : address.number === 1n);
const isMulticast: Test = (address) => (address.bits === 32 ? high(address, 4) === 14n : high(address, 8) === 0xffn);
const isLinkLocalMulticast: Test = (address) =>
  address.bits === 32 ? high(address, 24) === 0xe00000n : (high(address, 16) & 0xff0fn) === 0xff02n;
const isLinkLocalUnicast: Test = (address) =>
  address.bits === 32 ? high(address, 16) === 0xa9fen : high(address, 10) === 0x3fan;
const isGlobalUnicast: Test = (address) =>
  !(address.bits === 32 && address.number === 0xffffffffn) &&
  ![isUnspecified, isLoopback, isMulticast, isLinkLocalUnicast].some((test) => test(address));

const TESTS: Readonly<Record<string, Test>> = {
  isUnspecified,
  isLoopback,
  isLinkLocalMulticast,
  isLinkLocalUnicast,
  isGlobalUnicast,
};

export const ADDRESSES: Library = {
  name: "kubernetes.net.ip",
  types: [opaque(IP)],
  overloads: [
    overload(`ip(string): ${IP}`, (text) => ip(readAddress(text as string))),
    overload("isIP(string): bool", (text) => typeof readAddress(text as string) !== "string"),
    overload(
      "ip.isCanonical(string): bool",
      (text) => addressText(addressOf(ip(readAddress(text as string)))) === text,
    ),
    overload(`string(${IP}): string`, (value) => addressText(addressOf(value))),
    overload(`${IP}::family(): int`, (value) => (addressOf(value).bits === 32 ? 4n : 6n)),
    ...Object.entries(TESTS).map(([name, test]) =>
      overload(`${IP}::${name}(): bool`, (value) => test(addressOf(value))),
    ),
  ],
};

export const NETWORKS: Library = {
  name: "kubernetes.net.cidr",
  types: [opaque(CIDR)],
  overloads: [
    overload(`cidr(string): ${CIDR}`, (text) => cidr(readNetwork(text as string))),
    overload("isCIDR(string): bool", (text) => typeof readNetwork(text as string) !== "string"),
    overload(
      `string(${CIDR}): string`,
      (value) => `${addressText(networkOf(value).address)}/${networkOf(value).prefix}`,
    ),
    overload(`${CIDR}::ip(): ${IP}`, (value) => ip(networkOf(value).address)),
    overload(`${CIDR}::prefixLength(): int`, (value) => BigInt(networkOf(value).prefix)),
    overload(`${CIDR}::masked(): ${CIDR}`, (value) => {
      const network = networkOf(value);
      return cidr({ ...network, address: { ...network.address, number: mask(network) } });
    }),
    overload(`${CIDR}::containsIP(${IP}): bool`, (value, other) => containsAddress(networkOf(value), addressOf(other))),
    overload(`${CIDR}::containsIP(string): bool`, (value, text) => {
      return containsAddress(networkOf(value), addressOf(ip(readAddress(text as string))));
    }),
    overload(`${CIDR}::containsCIDR(${CIDR}): bool`, (value, other) =>
      containsNetwork(networkOf(value), networkOf(other)),
    ),
    overload(`${CIDR}::containsCIDR(string): bool`, (value, text) => {
      return containsNetwork(networkOf(value), networkOf(cidr(readNetwork(text as string))));
    }),
  ],
};
