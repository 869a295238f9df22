import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ShopHome } from "./shop-home.ts";

/** What starts a service: its bundle, which starts several times as fast, or its source when that is newer. */
export function mainOf({ services }: ShopHome, name: string): string {
  const bundle = join(services, name, "dist", "main.js");
  const source = join(services, name, "src");
  const shared = join(services, "..", "packages", "kit", "src");
  const isFresh = existsSync(bundle) && statSync(bundle).mtimeMs > Math.max(newest(source), newest(shared));
  return isFresh ? bundle : join(source, "main.ts");
}

export function isBuilt(home: ShopHome, services: readonly string[]): boolean {
  return services.every((name) => mainOf(home, name).endsWith("main.js"));
}

/** The time of the last change below a folder; a removed file changes the folder it was in. */
function newest(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => !path.endsWith(".test.ts"));
  return Math.max(statSync(folder).mtimeMs, ...files.map((path) => statSync(join(folder, path)).mtimeMs));
}
