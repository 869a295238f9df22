import { resolvedPath } from "../imports.ts";
import type { Import } from "../imports.ts";
import type { Violation } from "../repository.ts";

/** What a microservice imports beside Node and itself: it could live in a repository of its own. */
const allowedPackages: readonly string[] = ["@fairway/kit"];

/** What its tests may bring in to stand on. */
const allowedInTests: readonly string[] = [...allowedPackages, "@fairway/postgres", "@fairway/pact"];

/** What every service brings along: how it is described, started and packed. */
const requiredFiles: readonly string[] = ["service.yaml", "Dockerfile", "package.json", "src/main.ts"];

export function serviceOf(path: string): string | undefined {
  return /^microservices\/([^/]+)\//.exec(path)?.[1];
}

/** A service knows the kit and itself; it meets other services over HTTP and events only. */
export function checkServiceImports(imports: readonly Import[]): readonly Violation[] {
  return imports.flatMap((each) => {
    const message = importProblem(each);
    return message ? [{ path: each.from.path, line: each.line, message }] : [];
  });
}

function importProblem(each: Import): string | undefined {
  const service = serviceOf(each.from.path);
  if (service === undefined || each.specifier.startsWith("node:")) return undefined;
  const target = resolvedPath(each);
  if (target !== undefined) {
    return serviceOf(target) === service
      ? undefined
      : `"${each.specifier}" leaves the service: it meets others over HTTP and events only`;
  }
  const allowed = each.from.isTest ? allowedInTests : allowedPackages;
  if (allowed.includes(each.specifier)) return undefined;
  return `"${each.specifier}" is not for services (${allowed.join(", ")}): what many need belongs into the kit`;
}

export function checkServiceFiles(service: string, files: ReadonlySet<string>): readonly Violation[] {
  return requiredFiles
    .map((name) => `microservices/${service}/${name}`)
    .filter((path) => !files.has(path))
    .map((path) => ({ path, message: "is missing: a service is described, started and packed in its own folder" }));
}
