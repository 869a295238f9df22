import { findOciTools } from "@fairway/cluster";
import { CliError } from "../cli-error.ts";
import { controlFolder, readPlan, type PlanOptions } from "./control-plan.ts";
import { ports } from "./limits.ts";
import { environmentOf, type Workspace } from "./workspace.ts";

/** What the commands around a platform have in common. */
export const platformOption = {
  platform: {
    type: "string",
    valueName: "DIR",
    summary: "the folder with platform.yaml (this one, above, or just below)",
  },
} as const;

/** What is asked for on the command line; else what the last `up` had; else what this machine is best at. */
export function chosenPlan(
  workspace: Workspace,
  asked: {
    readonly env: string | undefined;
    readonly runtime: string | undefined;
    readonly "port-offset": number | undefined;
  },
): PlanOptions {
  const last = readPlan(controlFolder(workspace.state));
  return {
    environment: environmentOf(workspace, asked.env, last?.environment),
    runtime: asked.runtime === undefined ? (last?.runtime ?? bestRuntime()) : requireRuntime(asked.runtime),
    portOffset: asked["port-offset"] ?? (last === undefined ? 0 : last.apiPort - ports.api),
  };
}

/** The one that shows most of what a real cluster does, of those that the machine has. */
function bestRuntime(): "process" | "oci" {
  return "missing" in findOciTools() ? "process" : "oci";
}

function requireRuntime(wanted: string): "process" | "oci" {
  if (wanted !== "oci") return "process";
  const tools = findOciTools();
  if (!("missing" in tools)) return "oci";
  throw new CliError("environment", `the oci runtime can't be used here: ${tools.missing}`, {
    hint: "fairway up --runtime process needs nothing",
  });
}

/** `--secret payments/api-key=VALUE` */
export function givenSecrets(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.map((word) => {
      const [, place, value] = /^([^/=\s]+\/[^/=\s]+)=(.*)$/su.exec(word) ?? [];
      if (place !== undefined && value !== undefined) return [place, value] as const;
      throw new CliError("bad-usage", `--secret ${word.split("=")[0]} is no NAME/KEY=VALUE`, {
        hint: "--secret payments/api-key=VALUE",
      });
    }),
  );
}
