import { BuildError } from "@fairway/build";
import { HelmError } from "@fairway/helm";
import { IngressError } from "@fairway/ingress";
import { KubeError } from "@fairway/kube-client";
import { ManifestsError } from "@fairway/manifests";
import { PostgresError } from "@fairway/postgres";
import { CliError } from "../cli-error.ts";
import { asSystemFailure } from "../system-failure.ts";

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
  const refused = asSystemFailure(error);
  if (refused) return refused;
  if (!known.some((type) => error instanceof type)) return error;
  const { message } = error as Error;
  return new CliError("environment", message, {
    hint: /certificate (is not yet valid|has expired)/u.test(message)
      ? "the clock of this machine has jumped: set it right, then fairway down and fairway up"
      : "mend it and run fairway up again: it goes on where it was",
    cause: error,
  });
}
