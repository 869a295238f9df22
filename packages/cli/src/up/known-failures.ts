import { BuildError } from "@fairway/build";
import { HelmError } from "@fairway/helm";
import { IngressError } from "@fairway/ingress";
import { KubeError } from "@fairway/kube-client";
import { ManifestsError } from "@fairway/manifests";
import { PostgresError } from "@fairway/postgres";
import { CliError } from "../cli-error.ts";

const known = [BuildError, HelmError, IngressError, KubeError, ManifestsError, PostgresError] as const;

/** What the parts of a platform say when something is wrong is for the person at the terminal, not a defect of this program. */
export async function withKnownFailures<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw explained(error);
  }
}

function explained(error: unknown): unknown {
  if (isFull(error)) {
    const { message } = error as Error;
    return new CliError("environment", message.includes("disk is full") ? message : `the disk is full: ${message}`, {
      hint: "free some space (fairway reset --yes forgets the platform's data), then run fairway up again",
      cause: error,
    });
  }
  if (!known.some((type) => error instanceof type)) return error;
  const { message } = error as Error;
  return new CliError("environment", message, {
    hint: "mend it and run fairway up again: it goes on where it was",
    cause: error,
  });
}

function isFull(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ("code" in each && each.code === "ENOSPC") return true;
  }
  return false;
}
