import type { ResourceMap } from "../resource/resource-map.ts";
import type { Resource } from "../resource/resource.ts";
import type { Origin } from "../resource/origin.ts";

/** Changes the objects of a build. */
export interface Transformer {
  transform(map: ResourceMap): void;
  readonly origin: Origin | undefined;
}

/** Makes objects. */
export interface Generator {
  generate(): Promise<Resource[]>;
  readonly name: string;
  readonly origin: Origin | undefined;
}
