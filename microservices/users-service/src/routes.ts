import { noBody, problem, route, t } from "@fairway/kit";
import { limits } from "./limits.ts";
import type { Profiles } from "./profiles.ts";
import type { Route } from "@fairway/kit";

const uuid = t.String({ format: "uuid" });
const text = t.String({ minLength: 1, maxLength: limits.textCharactersMax });
const closed = { additionalProperties: false } as const;
const profileFields = {
  name: t.String({ maxLength: limits.textCharactersMax }),
  phone: t.String({ pattern: "^[+0-9 ()/-]{0,30}$" }),
};
const profile = t.Object({ subject: uuid, ...profileFields });
const addressFields = {
  name: text,
  street: text,
  city: text,
  postcode: t.String({ minLength: 1, maxLength: 12 }),
  country: t.String({ pattern: "^[A-Z]{2}$" }),
};
const address = t.Object({ id: uuid, ...addressFields });
const tags = ["users"] as const;

export function userRoutes(profiles: Profiles): readonly Route[] {
  return [...ownRoutes(profiles), ...addressRoutes(profiles), ...adminRoutes(profiles)];
}

function ownRoutes(profiles: Profiles): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/users/me",
      summary: "Your profile",
      tags,
      responses: { 200: profile },
      access: "authenticated",
      handler: async ({ caller }) => ({ status: 200, body: await profiles.find(caller.subject) }),
    }),
    route({
      method: "PUT",
      path: "/users/me",
      summary: "Changes your profile",
      tags,
      body: t.Object(profileFields, closed),
      responses: { 200: profile },
      access: "authenticated",
      handler: async ({ caller, body }) => ({
        status: 200,
        body: await profiles.save({ subject: caller.subject, ...body }),
      }),
    }),
    route({
      method: "DELETE",
      path: "/users/me",
      summary: "Forgets your profile and your addresses",
      tags,
      responses: { 204: noBody },
      access: "authenticated",
      handler: async ({ caller, log }) => {
        await profiles.erase(caller.subject);
        log.info("a profile was erased", { subject: caller.subject });
        return { status: 204 };
      },
    }),
  ];
}

function addressRoutes(profiles: Profiles): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/users/me/addresses",
      summary: "Where your parcels may go",
      tags,
      responses: { 200: t.Object({ items: t.Array(address) }) },
      access: "authenticated",
      handler: async ({ caller }) => ({ status: 200, body: { items: await profiles.addresses(caller.subject) } }),
    }),
    route({
      method: "POST",
      path: "/users/me/addresses",
      summary: "One more address",
      tags,
      body: t.Object(addressFields, closed),
      responses: { 201: address },
      problems: [409],
      access: "authenticated",
      handler: async ({ caller, body }) => {
        const added = await profiles.addAddress(caller.subject, body);
        if (added === "too_many") throw problem(409, `you have ${limits.addressesMax} addresses; remove one first`);
        return { status: 201, body: added };
      },
    }),
    route({
      method: "DELETE",
      path: "/users/me/addresses/{id}",
      summary: "Removes an address",
      tags,
      params: t.Object({ id: uuid }),
      responses: { 204: noBody },
      problems: [404],
      access: "authenticated",
      handler: async ({ caller, params }) => {
        if (!(await profiles.removeAddress(caller.subject, params.id))) throw problem(404, "you have no such address");
        return { status: 204 };
      },
    }),
  ];
}

function adminRoutes(profiles: Profiles): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/users",
      summary: "All profiles, by subject",
      tags,
      query: t.Object(
        { limit: t.Integer({ minimum: 1, maximum: limits.pageMax, default: limits.pageMax }), after: t.Optional(uuid) },
        closed,
      ),
      responses: { 200: t.Object({ items: t.Array(profile) }) },
      access: { roles: ["admin"] },
      handler: async ({ query }) => ({ status: 200, body: { items: await profiles.list(query.limit, query.after) } }),
    }),
    route({
      method: "GET",
      path: "/users/{subject}",
      summary: "Somebody's profile",
      tags,
      params: t.Object({ subject: uuid }),
      responses: { 200: profile },
      access: { roles: ["admin"] },
      handler: async ({ params }) => ({ status: 200, body: await profiles.find(params.subject) }),
    }),
  ];
}
