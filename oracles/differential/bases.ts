import { decode } from "@fairway/yaml";
import { readCorpus } from "../diff/corpus.ts";
import { isMap, type JsonMap } from "./edit.ts";
import type { Shape, Shapes } from "./shapes.ts";

/** A good object of a kind, to be made wrong. */
export interface Base {
  /** `Deployment`, or `Event.events.k8s.io` where two groups have the kind. */
  readonly title: string;
  /** Where objects of the kind are made, with `$ns`. */
  readonly path: string;
  readonly isNamespaced: boolean;
  readonly object: JsonMap;
  readonly shape: Shape;
}

/** The good objects that the recorded scenarios have, of every kind that is there. */
export function readBases(document: JsonMap, shapes: Shapes): readonly Base[] {
  const found = new Map<string, Base>();
  for (const { file, title, steps } of readCorpus({ needs: "api", only: /^scenarios\/defaults|the object itself$/u })) {
    const step = steps.find((each) => each.kind === "request" && each.method === "POST" && !each.isSetup);
    if (step?.kind !== "request") continue;
    const path = step.path.replace(/\?.*/u, "");
    const object = decode(step.body);
    const kind = kindOf(document, path);
    if (!isMap(object) || kind === undefined || path.endsWith("reviews")) continue;
    const shape = shapes.ofKind(kind.apiVersion, kind.kind);
    if (!shape) continue;
    const metadata = isMap(object["metadata"]) ? object["metadata"] : {};
    const { title: name, ...type } = kind;
    const whole = { ...object, ...type, metadata };
    found.set(`${file} ${title}`, {
      title: name,
      path,
      isNamespaced: path.includes("/namespaces/$ns/"),
      object: whole,
      shape,
    });
  }
  return [...found.values()];
}

function kindOf(document: JsonMap, path: string): { title: string; apiVersion: string; kind: string } | undefined {
  const { paths } = document;
  const operations = isMap(paths) ? paths[path.replace("$ns", "{namespace}")] : undefined;
  const post = isMap(operations) ? operations["post"] : undefined;
  const named = isMap(post) ? post["x-kubernetes-group-version-kind"] : undefined;
  if (!isMap(named)) return undefined;
  const [group, version, kind] = ["group", "version", "kind"].map((name) => String(named[name]));
  const apiVersion = group === "" ? String(version) : `${group}/${version}`;
  return { title: kind === "Event" ? `Event of ${apiVersion}` : String(kind), apiVersion, kind: String(kind) };
}
