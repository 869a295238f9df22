import type { Service } from "../model/service.ts";
import type { SpecFile } from "../read/spec-file.ts";

export interface PathConflict {
  readonly service: SpecFile<Service>;
  readonly index: number;
  readonly message: string;
}

/**
 * Two services on one public path, or one below a path of another. `/` is the exception: whoever has it gets what
 * nobody else wants.
 */
export function findPathConflicts(services: readonly SpecFile<Service>[]): readonly PathConflict[] {
  const owners = new Map<string, SpecFile<Service>>();
  const conflicts: PathConflict[] = [];
  const paths = services.flatMap((service) =>
    (service.value.spec.http?.public ?? []).map((path, index) => ({ service, path, index })),
  );
  for (const { service, path, index } of paths) {
    const owner = owners.get(path);
    if (owner && owner !== service)
      conflicts.push({ service, index, message: `${path} belongs to ${nameOf(owner)} (${owner.file}) already` });
    else owners.set(path, service);
  }
  for (const { service, path, index } of paths) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const above = owners.get(path.slice(0, slash));
      if (!above || above === service) continue;
      conflicts.push({
        service,
        index,
        message: `${path} lies below ${path.slice(0, slash)}, which belongs to ${nameOf(above)} (${above.file})`,
      });
      break;
    }
  }
  return conflicts;
}

function nameOf(service: SpecFile<Service>): string {
  return service.value.metadata.name;
}
