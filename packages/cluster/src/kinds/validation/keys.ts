import { FINE, SUBDOMAIN_BYTES_MAX, maxLength, regexMessage } from "./names.ts";

/** Keys of ConfigMaps and Secrets, which become files. */
export function configKey(text: string): readonly string[] {
  const errors = maxLength(text, SUBDOMAIN_BYTES_MAX);
  if (/^[-._a-zA-Z0-9]+$/.test(text)) return text.startsWith(".") ? [...errors, ...upwards(text)] : errors;
  const message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  return [...errors, regexMessage(message, "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name"), ...upwards(text)];
}

export function environmentName(text: string): readonly string[] {
  if (text === "") return ["environment variable name must be non-empty"];
  if (/^[\x20-\x3c\x3e-\x7e]+$/.test(text)) return FINE;
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

function upwards(text: string): string[] {
  if (text === "." || text === "..") return [`must not be '${text}'`];
  return text.startsWith("..") ? ["must not start with '..'"] : [];
}
