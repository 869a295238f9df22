import { noBody, problem, route, t } from "@fairway/kit";
import { limits } from "./limits.ts";
import type { Catalogue, Product } from "./catalogue.ts";
import type { Route } from "@fairway/kit";

const id = t.String({ format: "uuid" });
const slug = t.String({ pattern: "^[a-z][a-z0-9-]{0,39}$" });
const fields = {
  name: t.String({ minLength: 1, maxLength: limits.nameCharactersMax }),
  description: t.String({ maxLength: limits.descriptionCharactersMax }),
  category: slug,
  priceCents: t.Integer({ minimum: 1, maximum: limits.priceCentsMax }),
  currency: t.String({ pattern: "^[A-Z]{3}$" }),
  /** A drawing of the storefront, by name. */
  emblem: t.String({ pattern: "^[a-z][a-z0-9-]{0,39}$" }),
};
const newProduct = t.Object(fields, { additionalProperties: false });
const product = t.Object({ id, ...fields, revision: t.Integer() });
const byId = t.Object({ id });
const search = t.Object(
  {
    search: t.Optional(t.String({ maxLength: limits.searchCharactersMax })),
    category: t.Optional(slug),
    ids: t.Optional(t.Array(id, { maxItems: limits.idsMax })),
    sort: t.Enum(["name", "price", "-price"], { default: "name" }),
    limit: t.Integer({ minimum: 1, maximum: limits.pageMax, default: limits.pageDefault }),
    cursor: t.Optional(t.String({ maxLength: 400 })),
  },
  { additionalProperties: false },
);
const page = t.Object({ items: t.Array(product), next: t.Optional(t.String()) });
const category = t.Object({ slug: t.String(), name: t.String(), products: t.Integer() });
const tags = ["products"] as const;
const editors = { roles: ["admin"] } as const;

export function productRoutes(catalogue: Catalogue): readonly Route[] {
  return [...readingRoutes(catalogue), ...editingRoutes(catalogue)];
}

function readingRoutes(catalogue: Catalogue): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/products",
      summary: "What is on the shelves, page by page",
      tags,
      query: search,
      responses: { 200: page },
      access: "public",
      handler: async ({ query }) => ({ status: 200, body: await catalogue.list(query) }),
    }),
    route({
      method: "GET",
      path: "/products/{id}",
      summary: "One product; its ETag is what a change has to name",
      tags,
      params: byId,
      responses: { 200: product },
      problems: [404],
      access: "public",
      handler: async ({ params }) => reply(await catalogue.find(params.id)),
    }),
    route({
      method: "GET",
      path: "/categories",
      summary: "The shelves, and how much is on each",
      tags,
      responses: { 200: t.Object({ items: t.Array(category) }) },
      access: "public",
      handler: async () => ({ status: 200, body: { items: await catalogue.categories() } }),
    }),
  ];
}

function editingRoutes(catalogue: Catalogue): readonly Route[] {
  return [
    route({
      method: "POST",
      path: "/products",
      summary: "A new product",
      tags,
      body: newProduct,
      responses: { 201: product },
      access: editors,
      handler: async ({ body }) => {
        const made = await catalogue.add(body);
        return { status: 201, body: made, headers: { location: `/products/${made.id}`, etag: etagOf(made) } };
      },
    }),
    route({
      method: "PUT",
      path: "/products/{id}",
      summary: "Another description or price; If-Match names the revision that was looked at",
      tags,
      params: byId,
      headers: t.Object({ "if-match": t.String({ pattern: '^"[0-9]{1,9}"$' }) }),
      body: newProduct,
      responses: { 200: product },
      problems: [404, 412],
      access: editors,
      handler: async ({ params, body, headers }) => {
        const changed = await catalogue.change(params.id, Number(headers["if-match"].slice(1, -1)), body);
        if (changed === "stale") throw problem(412, "somebody changed it in the meantime; look at it again");
        return reply(changed === "absent" ? undefined : changed);
      },
    }),
    route({
      method: "DELETE",
      path: "/products/{id}",
      summary: "Off the shelves",
      tags,
      params: byId,
      responses: { 204: noBody },
      problems: [404],
      access: editors,
      handler: async ({ params }) => {
        if (!(await catalogue.remove(params.id))) throw absent();
        return { status: 204 };
      },
    }),
  ];
}

function reply(found: Product | undefined) {
  if (!found) throw absent();
  return { status: 200, body: found, headers: { etag: etagOf(found) } } as const;
}

function etagOf(found: Product): string {
  return `"${found.revision}"`;
}

function absent(): Error {
  return problem(404, "there is no such product");
}
