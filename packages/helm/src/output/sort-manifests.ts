import { compareStrings } from "@fairway/gotemplate";
import { basePath } from "../text/go-path.ts";
import { logLine } from "../log-line.ts";
import type { Warn } from "../log-line.ts";
import { trimSpace } from "../text/go-space.ts";
import { sortByKind } from "./kind-order.ts";
import { readHead } from "./manifest-head.ts";
import type { ManifestHead } from "./manifest-head.ts";
import { splitManifests } from "./split-manifests.ts";

/** One rendered resource: where it comes from and its text. */
export interface Manifest {
  /** The template, as `chart/templates/x.yaml`. */
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly content: string;
}

export type HookEvent = (typeof hookEvents)[number];

const hookEvents = [
  "pre-install",
  "post-install",
  "pre-delete",
  "post-delete",
  "pre-upgrade",
  "post-upgrade",
  "pre-rollback",
  "post-rollback",
  "test",
] as const;

/** A resource that runs at a point of a release's life instead of being part of it. */
export interface Hook extends Manifest {
  readonly events: readonly HookEvent[];
  readonly weight: number;
  readonly deletePolicies: readonly string[];
  readonly outputLogPolicies: readonly string[];
}

export interface SortedManifests {
  readonly manifests: readonly Manifest[];
  readonly hooks: readonly Hook[];
}

/** Splits rendered files into resources and hooks, in Helm's order. Hooks of unknown events are left out, with a warning. */
export function sortManifests(files: ReadonlyMap<string, string>, warn: Warn): SortedManifests {
  const manifests: Manifest[] = [];
  const hooks: Hook[] = [];
  for (const path of [...files.keys()].sort(compareStrings)) {
    const content = files.get(path) ?? "";
    if (basePath(path).startsWith("_") || trimSpace(content) === "") continue;
    for (const document of splitManifests(content)) {
      const head = readHead(document, path);
      const manifest = { path, apiVersion: head.apiVersion, kind: head.kind, name: head.name, content: document };
      const hookTypes = head.annotations["helm.sh/hook"];
      if (hookTypes === undefined) {
        manifests.push(manifest);
        continue;
      }
      const events = readEvents(hookTypes);
      if (events === undefined) warn(logLine("INFO", "skipping unknown hooks", { hookTypes }));
      else hooks.push({ ...manifest, ...hookDetails(head), events });
    }
  }
  return { manifests: sortByKind(manifests), hooks: sortByKind(hooks) };
}

function readEvents(hookTypes: string): HookEvent[] | undefined {
  const events: HookEvent[] = [];
  for (const name of lowerList(hookTypes)) {
    // Helm 2 called it test-success.
    const wanted = name === "test-success" ? "test" : name;
    const event = hookEvents.find((known) => known === wanted);
    if (event === undefined) return undefined;
    events.push(event);
  }
  return events;
}

function hookDetails(head: ManifestHead): Pick<Hook, "weight" | "deletePolicies" | "outputLogPolicies"> {
  const weight = head.annotations["helm.sh/hook-weight"] ?? "";
  return {
    weight: /^[+-]?\d+$/u.test(weight) && Number.isSafeInteger(Number(weight)) ? Number(weight) : 0,
    deletePolicies: lowerList(head.annotations["helm.sh/hook-delete-policy"]),
    outputLogPolicies: lowerList(head.annotations["helm.sh/hook-output-log-policy"]),
  };
}

function lowerList(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(",").map((entry) => entry.trim().toLowerCase());
}
