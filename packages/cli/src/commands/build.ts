import { BuildError, buildByEngine, buildImages, machinePlatform, parsePlatform, pushImages } from "@fairway/build";
import type { BuildOptions, BuiltImage, ContainerTool, PushedImage } from "@fairway/build";
import { imageRegistryOf } from "@fairway/manifests";
import { join, resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { defineCommand, type CommandContext } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { withSteadySources } from "../up/steady-sources.ts";
import { openWorkspace, unknownName, type Workspace } from "../up/workspace.ts";

const engines: readonly ContainerTool[] = ["buildah", "docker"];

export const buildCommand = defineCommand({
  summary: "Build the images of services, without Docker",
  description:
    "Makes an OCI image of each service from its folder and puts it into an OCI image layout. The same sources give the\nsame digest wherever they are built, and what did not change is not built again.",
  positionals: [{ name: "SERVICE", summary: "which ones; all by default", variadic: true }],
  options: {
    platform: { type: "strings", valueName: "P", summary: "linux/amd64 or linux/arm64; this machine's by default" },
    push: { type: "string", valueName: "HOST/PATH", summary: "Send them to a registry, as who docker login made you" },
    layout: { type: "string", valueName: "DIR", summary: "The OCI image layout (.fairway/images)" },
    base: {
      type: "string",
      valueName: "REF",
      summary: "Put them on this OCI image: its name in a registry, or an OCI layout as DIR:NAME",
    },
    libraries: {
      type: "string",
      valueName: "DIR",
      summary: "Libraries of Linux, where this machine has none for a platform",
    },
    engine: { type: "string", valueName: "TOOL", choices: engines, summary: "Let this tool build the Dockerfiles" },
    version: { type: "string", valueName: "VERSION", summary: "In place of the version that each service states" },
    dir: { type: "string", valueName: "DIR", summary: "The platform's folder; the one here by default" },
  },
  examples: [
    { command: "fairway build", meaning: "All services, for this machine" },
    {
      command: "fairway build orders-service --platform linux/amd64 --platform linux/arm64",
      meaning: "One, for two platforms",
    },
    { command: "fairway build --push ghcr.io/acme/shop", meaning: "All, and to a registry with what it lacks" },
  ],
  async run(context, { options, positionals }) {
    const { terminal, cwd, env } = context;
    const workspace = await openWorkspace(cwd, options.dir);
    const settings = {
      root: workspace.folder,
      services: chosen(workspace, positionals),
      layout: options.layout === undefined ? join(workspace.state, "images") : resolve(cwd, options.layout),
      cache: join(workspace.state, "cache", "images"),
      registry: imageRegistryOf(workspace.platform),
      ...(options.libraries !== undefined && { libraries: resolve(cwd, options.libraries) }),
      ...(options.version !== undefined && { version: options.version }),
      ...(options.base !== undefined && { base: options.base }),
      ...epochOf(env["SOURCE_DATE_EPOCH"]),
    };
    const engine = engines.find((each) => each === options.engine);
    const startMs = performance.now();
    const { images, pushed } = await withBuildFailures(async () => {
      const platforms = options.platform.length === 0 ? [machinePlatform()] : options.platform.map(parsePlatform);
      const images = await build({ ...settings, platforms }, engine, context);
      return { images, pushed: await push(images, { layout: settings.layout, target: options.push }, context) };
    });
    const tookMs = performance.now() - startMs;
    terminal.print({ images, pushed, tookMs }, (style) =>
      [imageTable(images, style), [verdict(images, tookMs), ...sent(pushed, options.push)].join("\n")].join("\n\n"),
    );
    return exitCode.ok;
  },
});

function build(
  settings: Omit<BuildOptions, "signal" | "onProgress">,
  engine: ContainerTool | undefined,
  { terminal, signal }: CommandContext,
): Promise<readonly BuiltImage[]> {
  return terminal.progress(`building ${settings.services.length} images`, (progress) => {
    const options: BuildOptions = {
      ...settings,
      signal,
      onProgress: ({ finished, total, service }) => progress.update(`${service}, ${finished} of ${total}`),
    };
    return withSteadySources(settings.root, () =>
      engine === undefined ? buildImages(options) : buildByEngine(engine, options),
    );
  });
}

async function push(
  images: readonly BuiltImage[],
  { layout, target }: { readonly layout: string; readonly target: string | undefined },
  { terminal, signal, env }: CommandContext,
): Promise<readonly PushedImage[]> {
  if (target === undefined) return [];
  return terminal.progress(`pushing to ${target}`, (progress) =>
    pushImages(images, { layout, target, env, signal }, (service) => progress.update(service)),
  );
}

function chosen({ sources }: Workspace, names: readonly string[]): Workspace["sources"] {
  const known = sources.map(({ service }) => service.metadata.name);
  for (const name of names) if (!known.includes(name)) throw unknownName("service", name, known);
  return names.length === 0 ? sources : sources.filter(({ service }) => names.includes(service.metadata.name));
}

function epochOf(text: string | undefined): { readonly createdSeconds?: number } {
  if (text === undefined || text === "") return {};
  if (/^\d{1,11}$/u.test(text)) return { createdSeconds: Number(text) };
  throw new CliError("bad-usage", `SOURCE_DATE_EPOCH is "${text}"`, { hint: "it takes seconds since 1970" });
}

async function withBuildFailures<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const code = error.code === "bad_option" ? "bad-usage" : "environment";
    throw new CliError(code, error.message, { cause: error });
  }
}

function imageTable(images: readonly BuiltImage[], style: Style): string {
  const head = ["service", "digest", "packed", "unpacked", "layers reused", "time"].map((name) => style.dim(name));
  return table([
    head,
    ...images.map((image) => [
      image.service,
      image.digest,
      megabytes(image.sizeBytes),
      megabytes(image.unpackedBytes),
      `${image.layersReused} of ${image.layers}`,
      image.cached ? "unchanged" : seconds(image.durationMs),
    ]),
  ]);
}

function verdict(images: readonly BuiltImage[], tookMs: number): string {
  const built = images.filter((image) => !image.cached).length;
  return `${built} built, ${images.length - built} unchanged, in ${seconds(tookMs)}`;
}

function sent(pushed: readonly PushedImage[], target: string | undefined): readonly string[] {
  if (target === undefined) return [];
  const bytes = pushed.reduce((sum, each) => sum + each.uploadedBytes, 0);
  return [`pushed to ${target}: ${bytes === 0 ? "it had everything" : `${megabytes(bytes)} were new`}`];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 1_000 ? 2 : 1)} s`;
}
