import { createHash, timingSafeEqual } from "node:crypto";
import { problem, route, t } from "@fairway/kit";
import { charge, findCharge, reverse } from "./charges.ts";
import { limits } from "./limits.ts";
import { withFailures } from "./failures.ts";
import type { Database, Route } from "@fairway/kit";
import type { Failures } from "./failures.ts";

export interface ProviderParts {
  readonly db: Database;
  readonly failures: Failures;
  readonly apiKey: string;
}

const reference = t.String({ minLength: 1, maxLength: limits.referenceCharactersMax, pattern: "^[A-Za-z0-9._-]+$" });
const amount = {
  reference,
  amountCents: t.Integer({ minimum: 0, maximum: limits.amountCentsMax }),
  currency: t.String({ pattern: "^[A-Z]{3}$" }),
};
const status = t.Enum(["pending", "succeeded", "declined", "voided", "refunded"]);
const chargeBody = t.Object({ ...amount, status });
const keyHeader = t.Object({ "x-api-key": t.Optional(t.String({ maxLength: 200 })) });
const rate = t.Number({ minimum: 0, maximum: 1 });
const settings = t.Object(
  {
    failureRate: rate,
    declineRate: rate,
    pendingRate: rate,
    duplicateRate: rate,
    delayMs: t.Integer({ minimum: 0, maximum: limits.delayMsMax }),
  },
  { additionalProperties: false },
);
const problems = [401, 503];

/** The provider is somebody else's house: its own keys, none of our tokens. */
export function providerRoutes(parts: ProviderParts): readonly Route[] {
  return [...chargeRoutes(parts), ...failureRoutes(parts)];
}

function chargeRoutes({ db, failures, apiKey }: ProviderParts): readonly Route[] {
  const tags = ["charges"] as const;
  const byReference = t.Object({ reference });
  return [
    route({
      method: "POST",
      path: "/charges",
      summary: "Takes money; the same reference is charged once",
      tags,
      headers: keyHeader,
      body: t.Object(amount, { additionalProperties: false }),
      responses: { 200: chargeBody },
      problems: [...problems, 422],
      access: "public",
      handler: async ({ body, headers }) => {
        requireKey(headers["x-api-key"], apiKey);
        const current = await failures.current();
        return { status: 200, body: await withFailures(current, () => charge(db, body, current)) };
      },
    }),
    route({
      method: "GET",
      path: "/charges/{reference}",
      summary: "What has become of a charge",
      tags,
      params: byReference,
      headers: keyHeader,
      responses: { 200: chargeBody },
      problems: [...problems, 404],
      access: "public",
      handler: async ({ params, headers }) => {
        requireKey(headers["x-api-key"], apiKey);
        const found = await withFailures(await failures.current(), () => findCharge(db, params.reference));
        if (!found) throw problem(404, "nothing was charged with this reference");
        return { status: 200, body: found };
      },
    }),
    route({
      method: "POST",
      path: "/charges/{reference}/reverse",
      summary: "Gives the money back, or makes sure that it will never be taken",
      tags,
      params: byReference,
      headers: keyHeader,
      responses: { 200: chargeBody },
      problems,
      access: "public",
      handler: async ({ params, headers }) => {
        requireKey(headers["x-api-key"], apiKey);
        const current = await failures.current();
        return { status: 200, body: await withFailures(current, () => reverse(db, params.reference, current)) };
      },
    }),
  ];
}

function failureRoutes({ failures, apiKey }: ProviderParts): readonly Route[] {
  const tags = ["failures"] as const;
  return [
    route({
      method: "GET",
      path: "/admin/failures",
      summary: "What goes wrong on purpose",
      tags,
      headers: keyHeader,
      responses: { 200: settings },
      problems: [401],
      access: "public",
      handler: async ({ headers }) => {
        requireKey(headers["x-api-key"], apiKey);
        return { status: 200, body: await failures.current() };
      },
    }),
    route({
      method: "PUT",
      path: "/admin/failures",
      summary: "Switches failures on and off",
      tags,
      headers: keyHeader,
      body: settings,
      responses: { 200: settings },
      problems: [401],
      access: "public",
      handler: async ({ headers, body }) => {
        requireKey(headers["x-api-key"], apiKey);
        await failures.set(body);
        return { status: 200, body };
      },
    }),
  ];
}

/** Compared by their hashes, so that the time it takes tells nothing. */
function requireKey(given: string | undefined, wanted: string): void {
  const [left, right] = [given ?? "", wanted].map((text) => createHash("sha256").update(text).digest());
  if (left && right && timingSafeEqual(left, right)) return;
  throw problem(401, "send the key of the merchant as X-Api-Key");
}
