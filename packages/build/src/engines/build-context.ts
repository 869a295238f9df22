import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The folder that a Dockerfile is written for: the service's own, or that of the repository when it copies what is only there, as those of
 * services that share packages do.
 */
export function contextOf(dockerfile: string, folder: string, repository: string): string {
  const wanted = copiedPaths(readFileSync(dockerfile, "utf8"));
  const isIn = (root: string): boolean => wanted.every((path) => existsSync(join(root, path)));
  return !isIn(folder) && isIn(repository) ? repository : folder;
}

/** What COPY and ADD take from the context; of patterns the folder that they begin in. */
export function copiedPaths(text: string): readonly string[] {
  const lines = text.replaceAll(/\\\r?\n/gu, " ").split("\n");
  return lines.flatMap((line) => {
    const [, rest = ""] = /^\s*(?:COPY|ADD)\s+(.*)$/iu.exec(line) ?? [];
    const words = rest.startsWith("[") ? listed(rest) : rest.trim().split(/\s+/u);
    if (words.some((word) => word.startsWith("--from="))) return [];
    const paths = words.filter((word) => !word.startsWith("--")).slice(0, -1);
    return paths
      .filter((path) => !/^[a-z]+:\/\/|\$/u.test(path))
      .map((path) => path.replace(/[*?[].*$/u, "").replace(/[^/]*$/u, (last) => (/[*?[]/u.test(path) ? "" : last)));
  });
}

function listed(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"/gu)].map(([, path = ""]) => path);
}
