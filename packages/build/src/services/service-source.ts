import type { Service } from "@fairway/spec";
import { join } from "node:path";
import { BuildError } from "../build-error.ts";
import type { Architecture } from "../elf/elf-file.ts";

/** A service, and where its folder is from the platform's. */
export interface ServiceSource {
  readonly service: Service;
  readonly folder: string;
}

export type Platform = "linux/amd64" | "linux/arm64";

export function architectureOf(platform: Platform): Architecture {
  return platform === "linux/amd64" ? "amd64" : "arm64";
}

export function parsePlatform(text: string): Platform {
  if (text === "linux/amd64" || text === "linux/arm64") return text;
  throw new BuildError(
    "bad_option",
    `"${text}" is no platform that images are built for: linux/amd64 and linux/arm64 are`,
  );
}

/** What images for this machine's containers are built for; a Mac's run in a virtual machine of the same architecture. */
export function machinePlatform(): Platform {
  return process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
}

export function folderOf(root: string, { service, folder }: ServiceSource): string {
  return join(root, folder, service.spec.build.context);
}
