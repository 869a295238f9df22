import { problemsPerFileMax, specFilesMax } from "./limits.ts";
import type { Platform } from "./model/platform.ts";
import type { Service } from "./model/service.ts";
import type { Problem } from "./problem.ts";
import { Reading } from "./read/reading.ts";
import { readSpecFile, type GivenFile, type SpecFile } from "./read/spec-file.ts";
import { crossCheck } from "./rules/cross-checks.ts";
import { checkPlatformRules } from "./rules/platform-rules.ts";
import { checkServiceRules } from "./rules/service-rules.ts";

export interface CheckedFiles {
  /** The first platform that could be read. */
  readonly platform: Platform | undefined;
  /** Services that could be read, in the order of the files; with defaults filled in. */
  readonly services: readonly Service[];
  /** All that is wrong, by file and line. */
  readonly problems: readonly Problem[];
}

/** Reads descriptions and checks each by itself, then all against each other. */
export function checkFiles(files: Iterable<GivenFile>): CheckedFiles {
  const problems: Problem[] = [];
  const platforms: SpecFile<Platform>[] = [];
  const services: SpecFile<Service>[] = [];
  let count = 0;
  for (const file of files) {
    if (++count > specFilesMax) {
      const message = `more than ${specFilesMax} descriptions; the rest was not read`;
      problems.push({ severity: "error", code: "too-large", file: file.path, line: 1, column: 1, path: "", message });
      break;
    }
    const read = readSpecFile(file);
    problems.push(...read.problems);
    if (read.kind === "unknown" || !read.spec) continue;
    const reading = new Reading(file.path, problemsPerFileMax);
    if (read.kind === "Platform") {
      platforms.push(read.spec);
      checkPlatformRules(read.spec, reading);
    } else {
      services.push(read.spec);
      checkServiceRules(read.spec, reading);
    }
    problems.push(...withoutConsequences(reading.problems, read.problems));
  }
  const further = withoutConsequences(crossCheck({ platforms, services }), problems);
  return {
    platform: platforms.find((platform) => platform.isComplete)?.value,
    services: services.filter((service) => service.isComplete).map((service) => service.value),
    problems: [...problems, ...further].toSorted(byPlace),
  };
}

/** What is wrong by itself is not blamed again, nor is anything around it for what follows from that. */
function withoutConsequences(further: readonly Problem[], known: readonly Problem[]): readonly Problem[] {
  const blamed = new Set<string>();
  for (const { file, path } of known) {
    for (
      let end = path.length;
      end > 0;
      end = Math.max(path.lastIndexOf(".", end - 1), path.lastIndexOf("[", end - 1))
    ) {
      blamed.add(`${file}:${path.slice(0, end)}`);
    }
  }
  return further.filter(({ file, path }) => !blamed.has(`${file}:${path}`));
}

function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
