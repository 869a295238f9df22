import type { FieldError } from "../../object/field-error.ts";
import { eachInvalid, invalid, required } from "./errors.ts";
import { dnsSubdomain, regexMessage } from "./names.ts";

/** A name in somebody's domain: `example.com/controller`. */
export function domainPath(text: string, field: string): FieldError[] {
  if (text === "") return [required(field)];
  const slash = text.indexOf("/");
  if (slash <= 0 || slash === text.length - 1)
    return [invalid(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const [host, path] = [text.slice(0, slash), text.slice(slash + 1)];
  const errors = eachInvalid(field, host, dnsSubdomain(host));
  const form = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
  if (/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(path)) return errors;
  return [...errors, invalid(field, path, regexMessage("Invalid path", form))];
}
