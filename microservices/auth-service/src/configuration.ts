import { serviceConfig, t } from "@fairway/kit";
import { limits } from "./limits.ts";
import type { Static } from "@fairway/kit";

export const configuration = serviceConfig({
  DATABASE_URL: t.String({ minLength: 1, description: "the database of accounts, tokens and keys" }),
  AUTH_KEY_SECRET: t.String({ minLength: 16, description: "what private keys are sealed with in the database" }),
  ACCESS_TOKEN_SECONDS: t.Integer({ default: limits.accessTokenSeconds, minimum: 1, maximum: 86_400 }),
  ADMIN_EMAIL: t.Optional(t.String({ format: "email", description: "an account with the role admin, made at start" })),
  ADMIN_PASSWORD: t.Optional(t.String({ minLength: limits.passwordCharactersMin })),
});

export type Configuration = Static<typeof configuration>;
