import type { Library } from "../declarations.ts";
import { overload } from "../signature.ts";
import { ADDRESSES, NETWORKS } from "./addresses.ts";
import { AUTHORIZATION } from "./authorizer.ts";
import { FORMATS } from "./formats.ts";
import { LIST_EXTENSION, LISTS, PATTERNS } from "./lists.ts";
import { OPTIONALS } from "./optionals.ts";
import { QUANTITIES } from "./quantity.ts";
import { SETS, TWO_VARIABLE_COMPREHENSIONS } from "./sets.ts";
import { KUBERNETES_TEXTS } from "./texts.ts";
import { URLS } from "./urls.ts";
import { VERSIONS } from "./versions.ts";

/** All that expressions in Kubernetes can use. */
export const KUBERNETES_LIBRARIES: readonly Library[] = [
  ADDRESSES,
  AUTHORIZATION,
  FORMATS,
  LIST_EXTENSION,
  LISTS,
  NETWORKS,
  OPTIONALS,
  PATTERNS,
  QUANTITIES,
  SETS,
  KUBERNETES_TEXTS,
  TWO_VARIABLE_COMPREHENSIONS,
  URLS,
  VERSIONS,
];

/** Besides, for expressions that make JSON patches. */
export const JSON_PATCHES: Library = {
  name: "kubernetes.jsonpatch",
  overloads: [
    overload("jsonpatch.escapeKey(string): string", (text) =>
      (text as string).replaceAll("~", "~0").replaceAll("/", "~1"),
    ),
  ],
};
