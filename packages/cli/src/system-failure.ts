import { CliError } from "./cli-error.ts";

const whatToDo: Readonly<Record<string, { readonly found: string; readonly hint: string }>> = {
  ENOSPC: {
    found: "the disk is full",
    hint: "free some space (.fairway/cache can be made again; fairway reset --yes forgets the platform's data too), then run the command again",
  },
  EDQUOT: { found: "your share of the disk is full", hint: "free some space, then run the command again" },
  EROFS: { found: "this can only be read", hint: "make it writable, or work on a copy somewhere else" },
  EACCES: { found: "this account may not do that", hint: "check who owns it and its permissions" },
  EPERM: { found: "this account may not do that", hint: "check who owns it and its permissions" },
  EMFILE: { found: "too many files are open", hint: "allow more, such as with ulimit -n 4096" },
  ENFILE: { found: "too many files are open on this machine", hint: "end other programs, or raise fs.file-max" },
  ENAMETOOLONG: { found: "the path is too long for this system", hint: "move the project to a shorter path" },
  EIO: { found: "the disk can't be read or written", hint: "look after the disk" },
};

/** What the system refuses is for the person at the terminal; undefined for everything else. */
export function asSystemFailure(error: unknown): CliError | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof CliError) return undefined;
    // Of a link the place where it was to be made, and not what it leads to.
    const { code = "", path, dest = path } = each as NodeJS.ErrnoException & { readonly dest?: string };
    const known = Object.hasOwn(whatToDo, code) ? whatToDo[code] : undefined;
    if (known === undefined) continue;
    const place = dest === undefined ? "" : `${dest}: `;
    return new CliError("environment", `${place}${known.found} (${each.message})`, { hint: known.hint, cause: error });
  }
  return undefined;
}
