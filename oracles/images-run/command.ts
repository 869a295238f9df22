import { pushImage } from "@fairway/build";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { TemplateLanguage } from "@fairway/templates";
import { messageOf, OracleError } from "../machine/oracle-error.ts";
import { findFreePorts } from "../machine/ports.ts";
import { reportToTerminal, type Report } from "../machine/report.ts";
import { findTool } from "../machine/tools.ts";
import { waitUntil } from "../machine/wait-until.ts";
import type { Engine, EngineKind, PulledImage } from "./container-engine.ts";
import { startDockerRegistry } from "./docker-registry.ts";
import { engineKinds } from "./engines.ts";
import { serviceMs } from "./limits.ts";
import { buildSample, missingFor, sampleLanguages } from "./samples.ts";

export const imagesRunHelp = `Images built without Docker run unmodified in the engines of others: runc, containerd, podman and Docker, each from Debian.

  npm run oracle -- images-run [--engine runc|containerd|podman|docker]... [--language L]...

A service of each language is built, pushed to Debian's docker-registry, pulled by its digest, started with a read-only
root, asked /livez, and ended by SIGTERM, which it has to answer with the code 0. What can't be had here is skipped, which is said.
`;

export interface ImageRun {
  readonly engine: string;
  readonly language: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly text: string;
}

export interface ImagesRunOptions {
  readonly engines?: readonly string[];
  readonly languages?: readonly string[];
  readonly report: Report;
}

export async function imagesRunCommand(args: readonly string[]): Promise<number> {
  const options = {
    engine: { type: "string", multiple: true },
    language: { type: "string", multiple: true },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const runs = await runImages({
    ...(values.engine !== undefined && { engines: values.engine }),
    ...(values.language !== undefined && { languages: values.language }),
    report: reportToTerminal,
  });
  for (const { engine, language, outcome, text } of runs) {
    process.stdout.write(`${outcome.padEnd(8)} ${engine.padEnd(11)} ${language.padEnd(11)} ${text}\n`);
  }
  return runs.some(({ outcome }) => outcome === "failed") ? 1 : 0;
}

/** Every language in every engine. */
export async function runImages({ engines, languages, report }: ImagesRunOptions): Promise<readonly ImageRun[]> {
  const kinds = engineKinds.filter(({ name }) => engines === undefined || engines.includes(name));
  const wanted = sampleLanguages.filter((language) => languages === undefined || languages.includes(language));
  if (kinds.length === 0 || wanted.length === 0) throw new OracleError("usage", "there is no such engine or language");
  const reason = whyNot();
  if (reason !== undefined) return [{ engine: "all", language: "all", outcome: "skipped", text: reason }];
  const folder = await mkdtemp(join(tmpdir(), "fairway-images-run-"));
  try {
    const registry = await startDockerRegistry(folder);
    try {
      const runs: ImageRun[] = [];
      const images = new Map<TemplateLanguage, PulledImage>();
      for (const language of wanted) {
        report(`building and pushing a service in ${language}`);
        const built = await prepare(folder, language, registry.address);
        if ("reference" in built) images.set(language, built);
        else runs.push({ engine: "all", language, ...built });
      }
      for (const kind of kinds) runs.push(...(await runInEngine(kind, images, { folder, report })));
      return runs;
    } finally {
      await registry.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function whyNot(): string | undefined {
  if (process.platform !== "linux") return "the engines run on Linux alone";
  if (process.getuid?.() !== 0) return "the engines need root here";
  if (findTool("docker-registry") === undefined) {
    return "docker-registry is not on this machine: apt-get install --no-install-recommends docker-registry";
  }
  return undefined;
}

async function prepare(
  folder: string,
  language: TemplateLanguage,
  address: string,
): Promise<PulledImage | Pick<ImageRun, "outcome" | "text">> {
  const missing = missingFor(language);
  if (missing !== undefined) return { outcome: "skipped", text: missing };
  try {
    const { digest, service } = await buildSample(folder, language);
    const layout = join(folder, "images");
    const signal = new AbortController().signal;
    const { reference } = await pushImage({ layout, digest, target: `${address}/shop/${service}`, signal });
    return { reference, digest, layout };
  } catch (error) {
    return { outcome: "failed", text: messageOf(error) };
  }
}

interface Place {
  readonly folder: string;
  readonly report: Report;
}

async function runInEngine(
  kind: EngineKind,
  images: ReadonlyMap<TemplateLanguage, PulledImage>,
  { folder, report }: Place,
): Promise<readonly ImageRun[]> {
  const all = (outcome: ImageRun["outcome"], text: string): readonly ImageRun[] => [
    { engine: kind.name, language: "all", outcome, text },
  ];
  const missing = kind.tools.filter((tool) => findTool(tool) === undefined);
  if (missing.length > 0) {
    const advice = `apt-get install --no-install-recommends ${kind.debianPackage}`;
    return all("skipped", `${missing.join(", ")} not on this machine: ${advice}`);
  }
  report(`starting ${kind.name}`);
  const own = join(folder, kind.name);
  await mkdir(own, { recursive: true });
  let engine: Engine;
  try {
    engine = await kind.start(own);
  } catch (error) {
    return all("failed", messageOf(error));
  }
  try {
    const runs: ImageRun[] = [];
    for (const [language, image] of images) {
      const outcome = await runOnce(engine, image, `greeter-${language}`).then(
        (ms) => ({ outcome: "passed" as const, text: `answers after ${ms} ms; ${engine.version}` }),
        (error: unknown) => ({ outcome: "failed" as const, text: messageOf(error) }),
      );
      runs.push({ engine: kind.name, language, ...outcome });
    }
    return runs;
  } finally {
    await engine.close();
  }
}

/** Milliseconds until it answered. */
async function runOnce(engine: Engine, image: PulledImage, name: string): Promise<number> {
  await engine.pull(image);
  const [port = 0] = await findFreePorts(1);
  const begunMs = performance.now();
  const container = engine.run(image, { name, environment: { HOST: "127.0.0.1", PORT: String(port) } });
  let code: number | undefined;
  const ended = container.ended.then((value) => (code = value));
  const answers = async (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/livez`).then(
      ({ ok }) => ok,
      () => false,
    );
  try {
    await waitUntil(answers, {
      what: `${name}'s answer`,
      timeoutMs: serviceMs,
      hopeless: () => (code === undefined ? undefined : `it ended with ${code}: ${container.output()}`),
      detail: container.output,
    });
  } catch (error) {
    if (code === undefined) await container.stop();
    throw error;
  }
  const answeredMs = Math.round(performance.now() - begunMs);
  await container.stop();
  await ended;
  if (code !== 0) throw new OracleError("bad-state", `it answers SIGTERM with ${code}: ${container.output()}`);
  return answeredMs;
}
