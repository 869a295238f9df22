import { existsSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { BuildError, messageOf } from "../build-error.ts";
import type { Architecture } from "../elf/elf-file.ts";
import { isRecord } from "../oci/manifest.ts";
import { runTool } from "../run-tool.ts";
import { architectureOf, machinePlatform } from "../services/service-source.ts";
import { compileInto, programLayer, programPath } from "./compiled.ts";
import type { LanguageContext, LanguageParts } from "./language-build.ts";

const rustSources: readonly RegExp[] = [
  /\.rs$/u,
  /^(?:Cargo\.(?:toml|lock)|rust-toolchain(?:\.toml)?)$/u,
  /^(?:src|benches)\//u,
];

const targets: Readonly<Record<Architecture, string>> = {
  amd64: "x86_64-unknown-linux-musl",
  arm64: "aarch64-unknown-linux-musl",
};

/** Rust: a program with the C library of this machine, or with musl inside where it is for another. */
export async function buildRustService(context: LanguageContext): Promise<LanguageParts> {
  const { cache, folder } = context;
  const program = await compileInto(cache, async (draft) => {
    const made = join(draft, "service");
    await copyFile(await compile(context), made);
    return made;
  });
  return {
    programs: [program.path],
    layers: [programLayer(program, folder, rustSources)],
    entrypoint: [`/${programPath}`],
    command: [],
    environment: [],
    version: /^version\s*=\s*"([^"]+)"/mu.exec(readFileSync(join(folder, "Cargo.toml"), "utf8"))?.[1],
    inputs: [],
  };
}

async function compile({ architecture, cache, folder, signal }: LanguageContext): Promise<string> {
  const isOwn = process.platform === "linux" && architectureOf(machinePlatform()) === architecture;
  const target = isOwn ? undefined : targets[architecture];
  const args = [
    "build",
    "--release",
    "--message-format=json-render-diagnostics",
    ...(existsSync(join(folder, "Cargo.lock")) ? ["--locked"] : []),
    ...(target === undefined ? [] : ["--target", target]),
  ];
  try {
    const printed = await runTool("cargo", args, { cwd: folder, env: environmentFor(target, folder, cache), signal });
    return programIn(printed, folder);
  } catch (error) {
    if (target === undefined || !/can't find crate for `(?:core|std)`/u.test(messageOf(error))) throw error;
    const advice = `rustup target add ${target}`;
    throw new BuildError("missing_tool", `cargo can't compile for linux/${architecture} here: ${advice}`, error);
  }
}

/** Folders of this machine are called the same on every other one. What was compiled stays for the next time. */
function environmentFor(target: string | undefined, folder: string, cache: string): Readonly<Record<string, string>> {
  const home = process.env["CARGO_HOME"] ?? join(homedir(), ".cargo");
  const flags = [`--remap-path-prefix=${folder}=/src`, `--remap-path-prefix=${home}=/cargo`];
  const own = target === undefined ? [] : ["-Clink-self-contained=yes", "-Clinker=rust-lld"];
  return {
    CARGO_TARGET_DIR: join(cache, "cargo"),
    CARGO_PROFILE_RELEASE_STRIP: "symbols",
    CARGO_ENCODED_RUSTFLAGS: [...flags, ...own].join("\u001F"),
  };
}

/** Cargo says as JSON what it made, one message a line. */
function programIn(printed: string, folder: string): string {
  const programs = printed.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const message: unknown = JSON.parse(line);
    const program = isRecord(message) ? message["executable"] : undefined;
    return typeof program === "string" ? [program] : [];
  });
  const [program] = programs;
  if (program === undefined) throw new BuildError("compile_failed", `cargo made no program of ${folder}`);
  if (programs.length === 1) return program;
  const names = programs.map((path) => path.slice(path.lastIndexOf("/") + 1)).join(", ");
  throw new BuildError(
    "compile_failed",
    `cargo made ${programs.length} programs of ${folder} (${names}): a service is one`,
  );
}
