import type { Access } from "../http/route.ts";
import type { OpenApiDocument, OpenApiOperation } from "../openapi/document.ts";

/** One operation of an OpenAPI document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenApiOperation;
  readonly access: Access;
}

export function operationsOf(document: OpenApiDocument): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
      access: accessOf(operation),
    })),
  );
}

function accessOf({ security }: OpenApiOperation): Access {
  if (!security) return "public";
  const tokens = security.flatMap((each) => (each["token"] ? [each["token"]] : []));
  if (security.some((each) => Object.keys(each).length === 0)) return "optional";
  const roles = tokens.flat();
  return roles.length === 0 ? "authenticated" : { roles };
}
