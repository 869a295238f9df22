import type { Kind } from "../kinds/index.ts";
import type { Verb } from "../kinds/kind.ts";
import { deletedIsReturned } from "./data/deleted-is-returned.ts";
import { makerOf, offered, patch, read, replace, streamed, type Maker } from "./maker.ts";
import { groupPath, isCustom, metaSchema, schemaNameOf } from "./names.ts";
import type { Content, Operation, RequestBody } from "./operation.ts";
import { deleteCollectionParameters, deleteParameters, listParameters, writeParameters } from "./parameters.ts";
import { subresourceOperations } from "./subresource-operations.ts";

export function objectOperations(kind: Kind): readonly Operation[] {
  const maker = makerOf(kind);
  const list = [...collection(maker), ...single(maker), ...(isCustom(kind) ? [] : watches(maker))];
  return [...list, ...subresourceOperations(maker)];
}

const statusContent: Content = { schema: metaSchema("Status") };
const deleteBody: RequestBody = { schema: metaSchema("DeleteOptions"), isRequired: false, shared: "body-2Y1dVQaQ" };

function collection({ kind, make, collectionPath }: Maker): readonly Operation[] {
  const name = schemaNameOf(kind);
  const content: Content = { schema: name };
  const custom = isCustom(kind);
  const isListed = has(kind, "list");
  const lists = custom ? undefined : [...offered, ...streamed];
  const list = { method: "get", action: "list", answers: { 200: { schema: `${name}List` } } } as const;
  const produces = lists && { produces: lists };
  const everywhere = `${groupPath(kind)}/${kind.plural}`;
  return [
    ...(isListed ? [make("list$", collectionPath, { ...list, ...produces, parameters: listParameters })] : []),
    ...(isListed && kind.namespaced
      ? [
          make("list$", everywhere, {
            ...list,
            ...produces,
            parameters: listParameters,
            suffix: "ForAllNamespaces",
            isEverywhere: true,
          }),
        ]
      : []),
    ...(has(kind, "create")
      ? [
          make("create$", collectionPath, {
            method: "post",
            parameters: writeParameters,
            body: { schema: name, isRequired: true },
            answers: { 200: content, 201: content, 202: content },
          }),
        ]
      : []),
    ...(has(kind, "deletecollection")
      ? [
          make("delete$Collection", collectionPath, {
            method: "delete",
            action: "deletecollection",
            parameters: custom ? listParameters : deleteCollectionParameters,
            ...(custom ? {} : { body: deleteBody }),
            answers: { 200: statusContent },
          }),
        ]
      : []),
  ];
}

function single(maker: Maker): readonly Operation[] {
  const { kind, make, objectPath } = maker;
  const content: Content = { schema: schemaNameOf(kind) };
  const deleted = deletedIsReturned.has(`${kind.plural}.${kind.group}`) ? content : statusContent;
  return [
    ...(has(kind, "get") ? [read(maker, objectPath, { content })] : []),
    ...(has(kind, "update") ? [replace(maker, objectPath, { content })] : []),
    ...(has(kind, "patch") ? [patch(maker, objectPath, { content })] : []),
    ...(has(kind, "delete")
      ? [
          make("delete$", objectPath, {
            method: "delete",
            parameters: deleteParameters,
            body: deleteBody,
            answers: { 200: deleted, 202: deleted },
          }),
        ]
      : []),
  ];
}

function watches({ kind, make, collectionPath, objectPath }: Maker): readonly Operation[] {
  if (!has(kind, "watch")) return [];
  const base = groupPath(kind);
  const watched = (path: string): string => path.replace(base, `${base}/watch`);
  const watch = {
    method: "get",
    parameters: listParameters,
    answers: { 200: { schema: metaSchema("WatchEvent") } },
    produces: [...offered, ...streamed],
  } as const;
  return [
    make("watch$", watched(collectionPath), { ...watch, action: "watchlist", suffix: "List" }),
    make("watch$", watched(objectPath), { ...watch, action: "watch" }),
    ...(kind.namespaced
      ? [
          make("watch$", watched(`${base}/${kind.plural}`), {
            ...watch,
            action: "watchlist",
            suffix: "ListForAllNamespaces",
            isEverywhere: true,
          }),
        ]
      : []),
  ];
}

function has({ verbs }: Kind, verb: Verb): boolean {
  return verbs.includes(verb);
}
