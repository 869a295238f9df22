import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CliError } from "../cli-error.ts";

export interface ShopHome {
  /** Where the services are. */
  readonly services: string;
  /** Where everything of the running shop is: database, logs, state. */
  readonly folder: string;
}

/** Of the process that looks after the shop: private, as nothing that the database's own account has to pass through may be. */
export function shopControlFolder({ folder }: ShopHome): string {
  return join(folder, "control");
}

const landmark = join("microservices", "orders-service", "src", "main.ts");

/** The clone that holds the shop: above the current folder, or above this program. */
export function findShopHome(cwd: string, folder: string | undefined): ShopHome {
  const root = above(cwd) ?? above(import.meta.dirname);
  if (root === undefined) {
    throw new CliError("not-found", `there is no ${landmark} in ${cwd} or above`, {
      hint: "run it in a clone of the repository",
    });
  }
  return {
    services: join(root, "microservices"),
    folder: folder === undefined ? join(root, ".fairway", "shop") : resolve(cwd, folder),
  };
}

function above(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, landmark))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
