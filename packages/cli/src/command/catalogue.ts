import type { CatalogueEntry } from "./catalogue-entry.ts";

/** All that `fairway` can do. A new command is a file in `commands/` and a row here. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    path: ["doctor"],
    group: "Machine",
    summary: "Say what this machine offers and what that means",
    load: async () => (await import("../commands/doctor.ts")).doctorCommand,
  },
  {
    path: ["completion"],
    group: "Machine",
    summary: "Print the completion script of a shell",
    load: async () => (await import("../commands/completion.ts")).completionCommand,
  },
];
