import { createHash, type Hash } from "node:crypto";
import type { JsonValue } from "../json-value.ts";
import { byCodeUnit } from "../snapshot.ts";

/** Changes whenever rendering itself changes its answers, so that old entries of a cache are not found any more. */
const rendererGeneration = "1";

/** A name for all that goes into rendering an application: the same name means the same manifests. */
export class Fingerprint {
  readonly #hash: Hash = createHash("sha256").update(rendererGeneration);

  /** Each part carries its length, so that no two different lists of parts read the same. */
  add(part: string): this {
    this.#hash.update(`${part.length}:${part}`);
    return this;
  }

  addFiles(files: ReadonlyMap<string, string>): this {
    for (const [path, id] of [...files].toSorted(([a], [b]) => byCodeUnit(a, b))) this.add(path).add(id);
    return this.add("end of files");
  }

  addValue(value: JsonValue | undefined): this {
    return this.add(
      JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}n` : each)) ?? "undefined",
    );
  }

  toString(): string {
    return this.#hash.copy().digest("hex");
  }
}
