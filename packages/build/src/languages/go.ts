import { join } from "node:path";
import { runTool } from "../run-tool.ts";
import { compileInto, programLayer, programPath } from "./compiled.ts";
import type { LanguageContext, LanguageParts } from "./language-build.ts";

const goSources: readonly RegExp[] = [
  /\.go$/u,
  /^(?:go\.(?:mod|sum|work)|\.golangci\.ya?ml)$/u,
  /^(?:cmd|internal|vendor)\//u,
];

/** Go: one program without any library, compiled for any platform on any machine. */
export async function buildGoService(context: LanguageContext): Promise<LanguageParts> {
  const { architecture, cache, folder, signal } = context;
  const program = await compileInto(cache, async (draft) => {
    const made = join(draft, "service");
    const env = { CGO_ENABLED: "0", GOOS: "linux", GOARCH: architecture, GOFLAGS: "", GOWORK: "off" };
    // Neither folders of this machine nor a number drawn at every build, and no symbols.
    const flags = ["-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid="];
    await runTool("go", ["build", ...flags, "-o", made, "."], { cwd: folder, env, signal });
    return made;
  });
  return {
    programs: [program.path],
    layers: [programLayer(program, folder, goSources)],
    entrypoint: [`/${programPath}`],
    command: [],
    environment: [],
    version: undefined,
    inputs: [],
  };
}
