// The countable rules of the house over the whole repository. A failure lists every place, with the reason of the rule.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { floorOf } from "./data/house.ts";
import { importedPackage, importsOf, packageOf } from "./imports.ts";
import { listFiles, readSources, repositoryRoot, type Violation } from "./repository.ts";
import { checkCycles } from "./rules/cycles.ts";
import { checkDirection } from "./rules/direction.ts";
import { checkDeclaredDependencies, checkFrontDoor, type PackageManifest } from "./rules/front-door.ts";
import { checkLeftovers } from "./rules/leftovers.ts";
import { checkLinks, type Page } from "./rules/markdown-links.ts";
import { checkServiceFiles, checkServiceImports, serviceOf } from "./rules/microservice.ts";
import { checkFileName } from "./rules/names.ts";
import { checkPurity } from "./rules/purity.ts";
import { checkSize } from "./rules/size.ts";

const files = listFiles();
const sources = readSources(files);
const imports = sources.flatMap(importsOf);
const packages = [...new Set(files.flatMap((path) => packageOf(path) ?? []))];

function assertNone(violations: readonly Violation[]): void {
  const lines = violations.map((each) => `  ${each.path}${each.line ? `:${each.line}` : ""}: ${each.message}`);
  assert.equal(violations.length, 0, `\n${lines.join("\n")}\n`);
}

function readPage(path: string): Page {
  return { path, text: readFileSync(join(repositoryRoot, path), "utf8") };
}

test("files, functions and parameter lists have a readable size", () => {
  assertNone(sources.flatMap(checkSize));
});

test("files are called after a concept, in kebab-case", () => {
  assertNone(files.flatMap(checkFileName));
});

test("imports point the way that the design draws them", () => {
  assertNone(checkDirection(imports));
});

test("there is no import cycle", () => {
  assertNone(checkCycles(imports));
});

test("pure packages and engines get the world handed in", () => {
  assertNone(sources.flatMap(checkPurity));
});

test("each package has a floor, a README and one front door", () => {
  assertNone(
    packages.flatMap((name) => {
      const manifest: PackageManifest = JSON.parse(readPage(`packages/${name}/package.json`).text);
      const index = sources.find((file) => file.path === `packages/${name}/src/index.ts`);
      const violations = [...checkFrontDoor(name, manifest, index)];
      if (!files.includes(`packages/${name}/README.md`)) {
        violations.push({
          path: `packages/${name}`,
          message: "has no README.md: say what it is for, with one example",
        });
      }
      if (!floorOf[name]) {
        violations.push({
          path: `packages/${name}`,
          message: "has no floor: give it a line in tools/src/tidy/data/house.ts",
        });
      }
      return violations;
    }),
  );
});

test("packages declare what they import", () => {
  assertNone(
    packages.flatMap((name) => {
      const manifest: PackageManifest = JSON.parse(readPage(`packages/${name}/package.json`).text);
      const own = imports.filter((each) => packageOf(each.from.path) === name && !each.from.isTest);
      const used = own.map((each) => each.specifier).filter((specifier) => !/^(\.|node:)/.test(specifier));
      const roots = used.map((specifier) =>
        specifier
          .split("/")
          .slice(0, specifier.startsWith("@") ? 2 : 1)
          .join("/"),
      );
      return checkDeclaredDependencies(name, manifest, new Set(roots.filter((root) => importedPackage(root) !== name)));
    }),
  );
});

test("a microservice knows the kit and itself, and brings along what it takes to run it", () => {
  const services = [...new Set(files.flatMap((path) => serviceOf(path) ?? []))];
  const known = new Set(files);
  assertNone([...checkServiceImports(imports), ...services.flatMap((service) => checkServiceFiles(service, known))]);
});

test("nothing is left behind in comments and tests", () => {
  assertNone(sources.flatMap(checkLeftovers));
});

test("links in Markdown lead somewhere", () => {
  const pages = files.filter((path) => path.endsWith(".md") && !path.includes("/testdata/"));
  assertNone(
    pages.flatMap((path) =>
      checkLinks(
        readPage(path),
        (target) => existsSync(join(repositoryRoot, target)),
        (target) => (target.endsWith(".md") ? readPage(target) : undefined),
      ),
    ),
  );
});

test("the lock file holds no download addresses, so that any registry mirror serves it", () => {
  assert.doesNotMatch(readPage("package-lock.json").text, /"resolved": "https?:/);
});

test("the lock file holds the packages of every platform, which npm forgets when it updates a lock beside node_modules", () => {
  const { packages: locked }: { packages: Record<string, { optionalDependencies?: Record<string, string> }> } =
    JSON.parse(readPage("package-lock.json").text);
  const missing = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !locked[`node_modules/${name}`] && !locked[`${path}/node_modules/${name}`],
    ),
  );
  assert.deepEqual(missing, [], "make it anew: remove package-lock.json and node_modules, then npm install");
});
