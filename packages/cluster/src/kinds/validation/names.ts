/** What is said of a name that is all right. */
export const FINE: readonly string[] = [];

/** What is wrong with a name; `isPrefix` for a generateName, to which five characters are still added. */
export type NameRule = (name: string, isPrefix?: boolean) => readonly string[];

export const LABEL_BYTES_MAX = 63;
export const SUBDOMAIN_BYTES_MAX = 253;

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const label1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const labelText = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";
const wildcard = `\\*\\.${subdomain}`;
const prefixed = `(?:${subdomain}/)?${qualified}`;

const labelForm = whole(label);
const subdomainForm = whole(subdomain);
const label1035Form = whole(label1035);
const qualifiedForm = whole(qualified);
const prefixedForm = whole(prefixed);
const labelValueForm = whole(labelText);
const wildcardForm = whole(wildcard);

export function dnsLabel(text: string): readonly string[] {
  const errors = maxLength(text, LABEL_BYTES_MAX);
  if (labelForm.test(text)) return errors;
  if (subdomainForm.test(text)) return [...errors, "must not contain dots"];
  const message =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  return [...errors, regexMessage(message, label, "my-name", "123-abc")];
}

export function dnsSubdomain(text: string): readonly string[] {
  const errors = maxLength(text, SUBDOMAIN_BYTES_MAX);
  if (subdomainForm.test(text)) return errors;
  const message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [...errors, regexMessage(message, subdomain, "example.com")];
}

export function dns1035Label(text: string): readonly string[] {
  const errors = maxLength(text, LABEL_BYTES_MAX);
  if (label1035Form.test(text)) return errors;
  const message =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...errors, regexMessage(message, label1035, "my-name", "abc-123")];
}

export function wildcardSubdomain(text: string): readonly string[] {
  const errors = maxLength(text, SUBDOMAIN_BYTES_MAX);
  if (wildcardForm.test(text)) return errors;
  const message =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  return [...errors, regexMessage(message, wildcard, "*.example.com")];
}

/** A label's key, a resource's name, a finalizer. */
export function qualifiedName(text: string): readonly string[] {
  if (text.length <= LABEL_BYTES_MAX && prefixedForm.test(text)) return FINE;
  const parts = text.split("/");
  const errors: string[] = [];
  const name = parts.at(-1) ?? "";
  const form = (message: string): string => regexMessage(message, qualified, "MyName", "my.name", "123-abc");
  const rule =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  if (parts.length > 2) {
    const message = `a valid label key ${rule}`;
    return [`${form(message)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  if (parts.length === 2) {
    const prefix = parts[0] ?? "";
    if (prefix === "") errors.push("prefix part must be non-empty");
    else errors.push(...dnsSubdomain(prefix).map((message) => `prefix part ${message}`));
  }
  if (name === "") errors.push("name part must be non-empty");
  else if (isLonger(name, LABEL_BYTES_MAX)) errors.push(`name part must be no more than ${LABEL_BYTES_MAX} bytes`);
  if (!qualifiedForm.test(name)) errors.push(form(`name part ${rule}`));
  return errors;
}

export function labelValue(text: string): readonly string[] {
  const errors = isLonger(text, LABEL_BYTES_MAX) ? [`must be no more than ${LABEL_BYTES_MAX} bytes`] : FINE;
  if (labelValueForm.test(text)) return errors;
  const message =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [...errors, regexMessage(message, labelText, "MyValue", "my_value", "12345")];
}

/** Names that are a part of a path: roles and what belongs to them. */
export const pathSegmentName: NameRule = (name, isPrefix) => {
  if (!isPrefix && (name === "." || name === "..")) return [`may not be '${name}'`];
  return ["/", "%"].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
};

export const subdomainName: NameRule = (name, isPrefix) => dnsSubdomain(isPrefix ? maskedTail(name) : name);
export const labelName: NameRule = (name, isPrefix) => dnsLabel(isPrefix ? maskedTail(name) : name);
export const label1035Name: NameRule = (name, isPrefix) => dns1035Label(isPrefix ? maskedTail(name) : name);

export function regexMessage(message: string, form: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${form}')`;
  const list = examples.map((example) => `'${example}', `).join(" or ");
  return `${message} (e.g. ${list}regex used for validation is '${form}')`;
}

export function maxLength(text: string, lengthMax: number): readonly string[] {
  return isLonger(text, lengthMax) ? [`must be no more than ${lengthMax} characters`] : FINE;
}

/** In UTF-8, of a unit of UTF-16. */
export const UNIT_BYTES_MAX = 3;

/** Most texts are so short that their bytes needn't be counted. */
export function isLonger(text: string, bytesMax: number): boolean {
  return text.length * UNIT_BYTES_MAX > bytesMax && byteLength(text) > bytesMax;
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** A prefix may end with a hyphen or dot that the random part will follow. */
function maskedTail(name: string): string {
  return name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
}

function whole(form: string): RegExp {
  return new RegExp(`^(?:${form})$`);
}

/** A name with its domain, which may end with a dot: the address of somebody outside. */
export function fullName(text: string): readonly string[] {
  if (text === "") return ["should be a domain with at least two segments separated by dots"];
  const name = text.replace(/\.$/, "");
  const errors = dnsSubdomain(name);
  if (errors.length > 0) return errors;
  return name.includes(".") ? [] : ["should be a domain with at least two segments separated by dots"];
}
