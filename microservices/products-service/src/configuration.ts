import { serviceConfig, t } from "@fairway/kit";

export const configuration = serviceConfig({
  DATABASE_URL: t.String({ minLength: 1, description: "the database of the catalogue" }),
  CACHE_URL: t.Optional(
    t.String({ minLength: 1, description: "a Redis that replicas share; without it each has its own" }),
  ),
});
