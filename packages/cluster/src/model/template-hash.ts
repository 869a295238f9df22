import { fnv32a, goJson, safeText } from "./hash.ts";
import type { PodTemplate } from "./pod.ts";

/**
 * The `pod-template-hash`. Kubernetes hashes the words in which Go dumps its struct, which change with every field that a version adds;
 * all that anybody relies on is that equal templates have equal hashes. This one is of the template's JSON, in the same alphabet.
 */
export function templateHash(template: PodTemplate, collisionCount: number | undefined): string {
  const { creationTimestamp: _, ...metadata } = template.metadata ?? {};
  const hash = fnv32a(Buffer.from(goJson({ metadata, spec: template.spec })));
  if (collisionCount === undefined) return safeText(hash);
  const count = Buffer.alloc(8);
  count.writeUInt32LE(collisionCount);
  return safeText(fnv32a(count, hash));
}
