import { isIP, isIPv4 } from "node:net";
import type { FieldError } from "../../object/field-error.ts";
import { invalid } from "./errors.ts";

const ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const BLOCK = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/** Fields that are older than the rule against leading zeros take them, and read them as decimals. */
export function readAddress(text: string): string {
  return text.includes(".") ? text.replace(/\d+(?:\.\d+){3}$/u, (quad) => quad.split(".").map(Number).join(".")) : text;
}

export function validateAddress(text: string, field: string, errors: FieldError[] = []): FieldError[] {
  if (isIP(text) === 0 && isIP(readAddress(text)) === 0) errors.push(invalid(field, text, ADDRESS));
  return errors;
}

export interface AddressBlock {
  readonly family: 4 | 6;
  readonly start: bigint;
  readonly bits: number;
}

export function parseBlock(text: string): AddressBlock | undefined {
  const [written = "", bits = ""] = text.split("/");
  const address = readAddress(written);
  const family = isIP(address);
  if (family === 0 || !/^\d{1,3}$/.test(bits) || text.split("/").length !== 2) return undefined;
  const width = family === 4 ? 32 : 128;
  if (Number(bits) > width) return undefined;
  const host = BigInt(width - Number(bits));
  return { family: family === 4 ? 4 : 6, start: (addressNumber(address) >> host) << host, bits: Number(bits) };
}

export function validateBlock(text: string, field: string): FieldError[] {
  return parseBlock(text) ? [] : [invalid(field, text, BLOCK)];
}

/** Whether all of one block is in another, which is larger. */
export function isInside(inner: AddressBlock, outer: AddressBlock): boolean {
  if (inner.family !== outer.family || inner.bits <= outer.bits) return false;
  const host = BigInt((outer.family === 4 ? 32 : 128) - outer.bits);
  return inner.start >> host === outer.start >> host;
}

/** Addresses that nothing in the cluster may claim as the address of a service or an endpoint. */
export function validateNonSpecialAddress(written: string, field: string): FieldError[] {
  const text = readAddress(written);
  if (isIP(text) === 0) return [invalid(field, written, "must be a valid IP address")];
  const errors: FieldError[] = [];
  const number = addressNumber(text);
  const isV4 = isIPv4(text);
  if (number === 0n) errors.push(invalid(field, written, `may not be unspecified (${isV4 ? "0.0.0.0" : "::"})`));
  const isLoopback = isV4 ? number >> 24n === 127n : number === 1n;
  if (isLoopback) errors.push(invalid(field, written, "may not be in the loopback range (127.0.0.0/8, ::1/128)"));
  const isLinkLocal = isV4 ? number >> 16n === 0xa9fen : number >> 118n === 0x3fan;
  if (isLinkLocal)
    errors.push(invalid(field, written, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"));
  const isLocalMulticast = isV4 ? number >> 8n === 0xe00000n : number >> 112n === 0xff02n;
  if (isLocalMulticast)
    errors.push(invalid(field, written, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"));
  return errors;
}

export function addressNumber(text: string): bigint {
  if (isIPv4(text)) return text.split(".").reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (embedded) {
    const low = addressNumber(embedded[2] ?? "");
    return addressNumber(`${embedded[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`);
  }
  const [head = "", tail] = text.split("::");
  const left = head.split(":").filter(Boolean);
  const right = (tail ?? "").split(":").filter(Boolean);
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].reduce((sum, part) => (sum << 16n) + BigInt(`0x${part}`), 0n);
}

/** The one proper way to write an address. */
export function canonicalAddress(text: string): string {
  return isIP(text) === 6 ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
}
