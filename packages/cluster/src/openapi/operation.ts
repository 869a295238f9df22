/** What can be done at a path, before it is written down in one version of OpenAPI or the other. */
export interface Operation {
  readonly path: string;
  readonly method: Method;
  readonly id: string;
  readonly tag: string;
  readonly action?: string;
  readonly kind?: GroupVersionKind;
  readonly parameters: readonly Parameter[];
  readonly body?: RequestBody;
  /** By status. */
  readonly answers: Readonly<Record<string, Content>>;
  readonly produces: readonly string[];
  readonly consumes: readonly string[];
}

export type Method = "get" | "put" | "post" | "delete" | "options" | "head" | "patch";

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: "query" | "path";
  readonly type: "string" | "boolean" | "integer";
  /** Its name among the shared parameters of version 2, where it is written once. */
  readonly shared?: string;
}

export interface RequestBody {
  readonly schema: string;
  readonly isRequired: boolean;
  readonly shared?: string;
}

/** The name of a schema, or plain text. */
export type Content = { readonly schema: string } | "text";

/** The operations of each path, with the parameters that all of them have taken out. */
export interface PathItem {
  readonly operations: readonly Operation[];
  readonly parameters: readonly Parameter[];
}

export function pathItems(operations: readonly Operation[]): ReadonlyMap<string, PathItem> {
  const byPath = Map.groupBy(operations, ({ path }) => path);
  return new Map([...byPath].map(([path, list]) => [path, withoutCommon(list)]));
}

function withoutCommon(operations: readonly Operation[]): PathItem {
  const common = (operations[0]?.parameters ?? []).filter((parameter) =>
    operations.every(({ parameters }) => parameters.some((each) => isSame(each, parameter))),
  );
  return {
    parameters: common.toSorted(byName),
    operations: operations.map((operation) => ({
      ...operation,
      parameters: operation.parameters
        .filter((parameter) => !common.some((each) => isSame(each, parameter)))
        .toSorted(byName),
    })),
  };
}

function isSame(left: Parameter, right: Parameter): boolean {
  return left.name === right.name && left.in === right.in && left.shared === right.shared;
}

function byName(left: Parameter, right: Parameter): number {
  const [a, b] = [`${left.name} ${left.in}`, `${right.name} ${right.in}`];
  return a < b ? -1 : a > b ? 1 : 0;
}
