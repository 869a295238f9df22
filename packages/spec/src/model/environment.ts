import { choice, defaulted, flag, integer, list, optional, partial, record, required, text } from "../schema/build.ts";
import type { Infer } from "../schema/schema.ts";
import { limitFields, requestFields } from "./scale.ts";

const environmentName = text("The name of an environment", { format: "dns-label", example: "staging" });
const teamName = text("The name of a team", { format: "dns-label", example: "team-platform" });

const freezeWindow = record("A time in which nothing is promoted", {
  name: required(text("The reason, for people who wait", { example: "Christmas sale" })),
  from: optional(text("First day; without it the window comes every week", { format: "date", example: "2026-12-20" })),
  to: optional(text("Last day", { format: "date", example: "2026-12-27" })),
  days: defaulted(
    list(
      "Days of the week; all when none is named",
      choice("A day", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
      { uniqueBy: "" },
    ),
    [],
  ),
  start: defaulted(text("Begin of the window on each day", { format: "time-of-day" }), "00:00"),
  end: defaulted(text("End of the window on each day", { format: "time-of-day" }), "23:59"),
  timeZone: defaulted(text("The time zone of these times", { format: "time-zone" }), "UTC"),
});

const smokeTest = record("Requests that have to succeed after a version arrived", {
  paths: defaulted(
    list("Paths that have to answer with success", text("A path", { format: "url-path" }), { minimumItems: 1 }),
    ["/readyz"],
  ),
  timeout: defaulted(text("How long they may take until they do", { format: "time-span" }), "2m"),
});

const approvers = record("Who has to agree", {
  count: defaulted(integer("How many people", { minimum: 1, maximum: 10 }), 1),
  teams: defaulted(
    list("The teams that they are from; the owner's when none is named", teamName, { uniqueBy: "" }),
    [],
  ),
});

const gates = record(
  "What a version has to pass before it comes here",
  {
    promotion: defaulted(
      choice("Who merges: with auto the platform, once the other gates are passed; with pull-request a person", [
        "auto",
        "pull-request",
      ]),
      "pull-request",
    ),
    after: defaulted(
      list("Environments that it has to be well in; the one before this when none is named", environmentName, {
        uniqueBy: "",
      }),
      [],
    ),
    soak: optional(text("How long it has to be well there", { format: "duration", example: "1h" })),
    approvers: optional(approvers),
    smokeTest: optional(smokeTest),
    freezeWindows: defaulted(list("Times in which nothing is promoted", freezeWindow), []),
  },
  { example: { promotion: "pull-request", soak: "1h", approvers: { count: 2 } } },
);

const quota = record("What all services of the environment may use together", {
  cpu: defaulted(text("Processor", { format: "cpu" }), "20"),
  memory: defaulted(text("Memory", { format: "bytes" }), "40Gi"),
  pods: defaulted(integer("Pods", { minimum: 1, maximum: 100_000 }), 200),
});

export const environment = record("A place where versions run", {
  name: required(environmentName),
  clouds: defaulted(
    list(
      "The clouds of this platform where it runs, by name; the others take over from the first. This machine without any",
      text("The name of a cloud", { format: "dns-label", example: "aws" }),
      { uniqueBy: "" },
    ),
    [],
  ),
  domain: optional(
    text("Host name of its ingress; NAME.DOMAIN of the platform otherwise", {
      format: "dns-name",
      example: "shop.example.com",
    }),
  ),
  branch: defaulted(text("Branch of the state repository that it follows", { format: "git-branch" }), "main"),
  spot: defaulted(flag("Whether its nodes may be taken away at short notice, for a lower price"), false),
  replicas: optional(
    integer("Fixed number of pods of every service, in place of autoscaling", { minimum: 1, maximum: 100 }),
  ),
  resources: optional(
    partial("What each pod is given there; what a service says of this environment goes first", {
      requests: optional(partial("Requests there", requestFields)),
      limits: optional(partial("Limits there", limitFields)),
    }),
  ),
  quota: defaulted(quota, {}),
  gates: defaulted(gates, {}),
});

export type Environment = Infer<typeof environment>;
