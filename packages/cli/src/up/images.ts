import { buildImages, machinePlatform, type BuiltImage, type ServiceSource } from "@fairway/build";
import { imageRegistryOf } from "@fairway/manifests";
import { join } from "node:path";
import { withSteadySources } from "./steady-sources.ts";
import type { Workspace } from "./workspace.ts";

/** Images as the embedded cluster runs them. */
export function imagesForMachine(
  { folder, platform, state }: Workspace,
  services: readonly ServiceSource[],
  signal: AbortSignal,
): Promise<readonly BuiltImage[]> {
  const options = {
    root: folder,
    services,
    layout: join(state, "images"),
    cache: join(state, "cache", "images"),
    platforms: [machinePlatform()],
    registry: imageRegistryOf(platform),
    signal,
  };
  return withSteadySources(folder, () => buildImages(options));
}
