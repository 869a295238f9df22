import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  HelmError,
  errorText,
  loadChartArchive,
  loadChartFolder,
  parseTemplateArguments,
  runTemplate,
} from "../src/index.ts";
import type { Chart } from "../src/index.ts";
import { testdata } from "./case-files.ts";
import type { Outcome } from "./case-files.ts";

/** Reads a folder as the loader wants it. */
export function readFolder(folder: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const walk = (path: string): void => {
    for (const name of readdirSync(join(folder, path))) {
      const inner = path === "" ? name : `${path}/${name}`;
      if (statSync(join(folder, inner)).isDirectory()) walk(inner);
      else files.set(inner, readFileSync(join(folder, inner)));
    }
  };
  walk("");
  return files;
}

export function loadChart(path: string): Chart {
  return statSync(path).isDirectory() ? loadChartFolder(readFolder(path)) : loadChartArchive(readFileSync(path));
}

/** What our renderer answers to the arguments after `helm template`. */
export async function runOurs(args: readonly string[]): Promise<Outcome> {
  try {
    const result = await runTemplate(parseTemplateArguments(args), {
      loadChart: async ({ reference }) => loadChart(join(testdata, reference)),
      readFile: async (path) => readText(path),
    });
    return { status: 0, stdout: result.output, stderr: result.warnings.map((line) => `${line}\n`).join("") };
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    return { status: 1, stdout: "", stderr: errorText(error) };
  }
}

function readText(path: string): string {
  const full = join(testdata, path);
  if (!existsSync(full)) throw new HelmError("usage", `open ${path}: no such file or directory`);
  return readFileSync(full, "utf8");
}
