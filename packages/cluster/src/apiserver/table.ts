import type { Kind } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { Form } from "./negotiate.ts";
import { partialObject } from "./partial-metadata.ts";
import { badRequest } from "./status.ts";

interface TableOptions {
  readonly form: Form;
  readonly query: URLSearchParams;
  readonly now: Date;
  /** Of the list, or the version of the one object. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Watches say the columns once. */
  readonly withoutColumns?: boolean;
}

/** What `kubectl get` shows. */
export function tableOf(
  kind: Kind,
  objects: readonly KubeObject[],
  { form, query, now, metadata, withoutColumns }: TableOptions,
): Readonly<Record<string, unknown>> {
  const include = query.get("includeObject") ?? "";
  if (!["", "None", "Metadata", "Object"].includes(include))
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(include)}: must be 'Metadata', 'Object', 'None', or empty`,
    );
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${form.version}`,
    metadata,
    columnDefinitions: withoutColumns
      ? null
      : kind.columns
          .filter(({ isUnnamed }) => !isUnnamed)
          .map(({ name, type, format, description, priority }) => ({
            name,
            type,
            format,
            description,
            priority,
          })),
    rows: objects.map((object) => ({
      cells: kind.columns.map(({ cell }) => cell(object, now)),
      object: shownObject(object, include, form),
    })),
  };
}

function shownObject(object: KubeObject, include: string, form: Form): unknown {
  if (include === "None") return null;
  return include === "Object" ? object : partialObject(object, form);
}
