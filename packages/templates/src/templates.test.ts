import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { checkRuntimeContract } from "@fairway/runtime-contract";
import { languageCommands, type TemplateLanguage } from "./language-commands.ts";
import { serviceFiles } from "./service-files.ts";

const run = promisify(execFile);

/** What has to be there; cargo also downloads its packages, which takes the better part of a minute. */
const needs: Readonly<Record<TemplateLanguage, { readonly tool: string; readonly isSlow?: true }>> = {
  typescript: { tool: process.execPath },
  python: { tool: "python3" },
  go: { tool: "go" },
  java: { tool: "javac" },
  rust: { tool: "cargo", isSlow: true },
};

describe("a new service", () => {
  for (const language of Object.keys(needs) as TemplateLanguage[]) {
    test(
      `in ${language} passes its own tests and keeps the runtime contract`,
      { timeout: 1_200_000 },
      async (context) => {
        const reason = await whyNot(language);
        if (reason !== undefined) return context.skip(reason);
        const folder = await mkdtemp(join(tmpdir(), `fairway-${language}-`));
        try {
          await write(folder, language);
          const { build, test: tests, start } = languageCommands[language];
          for (const line of [build, tests]) if (line !== undefined) await shell(folder, line);
          const [command = "", ...args] = start.replaceAll("__NAME__", "greeter").split(" ");
          const post = { path: "/greetings", body: `{"name": "ann"}` };
          const env = { PATH: pathWithNode(), PYTHONDONTWRITEBYTECODE: "1" };
          const results = await checkRuntimeContract({
            command: inFolder(folder, command),
            args,
            cwd: folder,
            post,
            env,
          });
          assert.deepEqual(
            results.filter(({ outcome }) => outcome === "broken").map(({ clause, detail }) => `${clause}: ${detail}`),
            [],
          );
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      },
    );
  }

  test("has its name in place of every mark", async () => {
    for (const language of Object.keys(needs) as TemplateLanguage[]) {
      const files = await serviceFiles({ name: "greeter", owner: "team-a", language });
      assert.ok(
        files.some(({ path }) => path === "Dockerfile"),
        language,
      );
      assert.deepEqual(
        files.filter(({ text }) => /__[A-Z]+__/.test(text)).map(({ path }) => path),
        [],
        language,
      );
    }
  });
});

async function whyNot(language: TemplateLanguage): Promise<string | undefined> {
  const { tool, isSlow } = needs[language];
  if (isSlow && process.env["FAIRWAY_TEST_REAL"] === undefined) return `${tool} is slow: npm run test:real runs this`;
  const flag = tool === "go" ? "version" : "--version";
  return run(tool, [flag]).then(
    () => undefined,
    () => `there is no ${tool} here`,
  );
}

async function write(folder: string, language: TemplateLanguage): Promise<void> {
  for (const { path, text } of await serviceFiles({ name: "greeter", owner: "team-a", language })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function shell(folder: string, line: string): Promise<void> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  await run("sh", ["-c", line], { cwd: folder, env: { ...env, PATH: pathWithNode(), PYTHONDONTWRITEBYTECODE: "1" } });
}

/** `node` is the one that runs this test. */
function pathWithNode(): string {
  return `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
}

function inFolder(folder: string, command: string): string {
  return command.includes("/") ? join(folder, command) : command;
}
