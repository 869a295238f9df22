import { forbidden, type ApiError } from "../apiserver/status.ts";
import type { AdmissionRequest } from "./admission.ts";

/** `pods "web" is forbidden: why`, with the name as far as there is one yet. */
export function refused(request: AdmissionRequest, why: string): ApiError {
  return forbidden(request.kind, nameOf(request), why);
}

function nameOf({ name, object }: AdmissionRequest): string {
  if (name !== "") return name;
  return object?.metadata.name || object?.metadata.generateName || "Unknown";
}

/** Of the object itself, not of one of its subresources. */
export function isAbout(
  { kind, subresource }: Pick<AdmissionRequest, "kind" | "subresource">,
  plural: string,
  group = "",
): boolean {
  return subresource === "" && kind.plural === plural && kind.group === group;
}

/** One text, or several in brackets, the same one once: as Go shows errors that came together. */
export function together(texts: readonly string[]): string {
  const [first = "", ...others] = new Set(texts);
  return others.length === 0 ? first : `[${[first, ...others].join(", ")}]`;
}
