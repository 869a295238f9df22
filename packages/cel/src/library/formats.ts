import { opaque } from "../cel-type.ts";
import type { Library } from "../declarations.ts";
import { overload } from "../signature.ts";
import { NONE, Opaque, Optional } from "../value.ts";
import { readTimestamp } from "./moments.ts";
import { readUrl } from "./urls.ts";

const TYPE = "kubernetes.NamedFormat";

type Check = (text: string) => readonly string[];

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

interface Pattern {
  readonly pattern: string;
  readonly charactersMax: number;
  readonly message: string;
  readonly examples: readonly string[];
}

function checkPattern({ pattern, charactersMax, message, examples }: Pattern): Check {
  const expression = new RegExp(`^${pattern}$`);
  const shown = examples.map((example) => `'${example}'`);
  const such = `(e.g. ${shown.join(",  or ")}, regex used for validation is '${pattern}')`;
  return (text) => [
    ...(text.length > charactersMax ? [`must be no more than ${charactersMax} characters`] : []),
    ...(expression.test(text) ? [] : [`${message} ${such}`]),
  ];
}

const isLabel = checkPattern({
  pattern: LABEL,
  charactersMax: 63,
  message:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ["my-name", "123-abc"],
});
const isSubdomain = checkPattern({
  pattern: SUBDOMAIN,
  charactersMax: 253,
  message:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ["example.com"],
});
const isLabel1035 = checkPattern({
  pattern: LABEL_1035,
  charactersMax: 63,
  message:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: ["my-name", "abc-123"],
});
const isLabelValue = checkPattern({
  pattern: `(${QUALIFIED})?`,
  charactersMax: 63,
  message:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyValue", "my_value", "12345"],
});
const isNamePart = checkPattern({
  pattern: QUALIFIED,
  charactersMax: 63,
  message:
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyName", "my.name", "123-abc"],
});

const isQualifiedName: Check = (text) => {
  const parts = text.split("/");
  const [prefix = "", name = prefix] = parts;
  if (parts.length > 2) {
    return [
      `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const ofPrefix =
    parts.length === 1
      ? []
      : prefix === ""
        ? ["prefix part must be non-empty"]
        : isSubdomain(prefix).map((text) => `prefix part ${text}`);
  const ofName = name === "" ? ["name part must be non-empty", ...isNamePart(name)] : isNamePart(name);
  return [...ofPrefix, ...ofName.map((message) => message.replace(/^must/, "name part must"))];
};

/** What a generated name begins with may end with a dash. */
function asPrefix(check: Check): Check {
  return (text) => check(text.endsWith("-") ? `${text.slice(0, -1)}a` : text);
}

function plain(holds: (text: string) => boolean, message: string): Check {
  return (text) => (holds(text) ? [] : [message]);
}

function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}

const CHECKS: Readonly<Record<string, Check>> = {
  dns1123Label: isLabel,
  dns1123Subdomain: isSubdomain,
  dns1035Label: isLabel1035,
  qualifiedName: isQualifiedName,
  dns1123LabelPrefix: asPrefix(isLabel),
  dns1123SubdomainPrefix: asPrefix(isSubdomain),
  dns1035LabelPrefix: asPrefix(isLabel1035),
  labelValue: isLabelValue,
  uri: (text) => {
    const url = readUrl(text);
    return typeof url === "string" ? [url] : [];
  },
  uuid: plain(
    (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
    "does not match the UUID format",
  ),
  byte: plain(isBase64, "invalid base64"),
  date: plain((text) => readTimestamp(`${text}T00:00:00Z`) !== undefined, "invalid date"),
  datetime: plain((text) => readTimestamp(text) !== undefined, "invalid datetime"),
};

function named(name: string): Opaque {
  return new Opaque(TYPE, name, (other) => other === name);
}

export const FORMATS: Library = {
  name: "format",
  types: [opaque(TYPE)],
  overloads: [
    overload(`format.named(string): optional(${TYPE})`, (name) => {
      return Object.hasOwn(CHECKS, name as string) ? new Optional(named(name as string)) : NONE;
    }),
    ...Object.keys(CHECKS).map((name) => overload(`format.${name}(): ${TYPE}`, () => named(name))),
    overload(`${TYPE}::validate(string): optional(list(string))`, (format, text) => {
      const problems = CHECKS[(format as Opaque).content as string]?.(text as string) ?? [];
      return problems.length === 0 ? NONE : new Optional(problems);
    }),
  ],
};
