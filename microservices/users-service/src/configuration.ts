import { serviceConfig, t } from "@fairway/kit";

export const configuration = serviceConfig({
  DATABASE_URL: t.String({ minLength: 1, description: "the database of profiles and addresses" }),
});
