import { BuildError, messageOf } from "../build-error.ts";
import { runTool } from "../run-tool.ts";
import type { Platform } from "../services/service-source.ts";

export type ContainerTool = "buildah" | "docker";

export interface DockerfileBuild {
  readonly name: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly platform: Platform;
  readonly createdSeconds: number;
  /** Where the image is saved to, as an archive of Docker's. */
  readonly archive: string;
  readonly signal: AbortSignal;
}

const advice: Readonly<Record<ContainerTool, string>> = {
  buildah: "install it (apt-get install buildah), or leave --engine out: most services need no Dockerfile",
  docker: "start Docker, or leave --engine out: most services need no Dockerfile",
};

/** Lets a tool of the machine build a Dockerfile and save what came of it. */
export async function buildDockerfile(tool: ContainerTool, build: DockerfileBuild): Promise<void> {
  const tag = `fairway.invalid/${build.name}:${build.platform.replace("/", "-")}`;
  const options = [
    "--platform",
    build.platform,
    "--file",
    build.dockerfile,
    "--tag",
    tag,
    ...pairs("--build-arg", build.arguments),
    ...pairs("--label", build.labels),
  ];
  const saved =
    tool === "buildah"
      ? ["push", tag, `docker-archive:${build.archive}:${tag}`]
      : ["save", "--output", build.archive, tag];
  const own = tool === "buildah" ? ["--layers", "--timestamp", String(build.createdSeconds)] : [];
  try {
    await runTool(tool, ["build", ...own, ...options, build.context], { signal: build.signal });
    await runTool(tool, saved, { signal: build.signal });
  } catch (error) {
    if (error instanceof BuildError && error.code === "missing_tool") {
      throw new BuildError("missing_tool", `${tool} was not found: ${advice[tool]}`, error);
    }
    if (error instanceof BuildError && error.code === "stopped") throw error;
    throw new BuildError("engine_failed", `${build.name}: ${messageOf(error)}`, error);
  }
}

function pairs(option: string, values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`]);
}
