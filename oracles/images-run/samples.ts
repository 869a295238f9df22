import { buildImages, machinePlatform, type BuiltImage } from "@fairway/build";
import { checkFiles, scaffoldService } from "@fairway/spec";
import { languageCommands, serviceFiles, type TemplateLanguage } from "@fairway/templates";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findTool } from "../machine/tools.ts";

/** The compiler or interpreter that a language takes. */
const toolOf: Readonly<Record<TemplateLanguage, string>> = {
  typescript: "npm",
  python: "python3",
  go: "go",
  java: "jlink",
  rust: "cargo",
};

export const sampleLanguages: readonly TemplateLanguage[] = Object.keys(languageCommands) as TemplateLanguage[];

/** Why a language can't be built here; undefined when it can. */
export function missingFor(language: TemplateLanguage): string | undefined {
  const tool = toolOf[language];
  return findTool(tool) === undefined ? `there is no ${tool} here` : undefined;
}

/** The service that `fairway new service` makes, built into a layout. */
export async function buildSample(folder: string, language: TemplateLanguage): Promise<BuiltImage> {
  const name = `greeter-${language}`;
  const root = join(folder, "platform");
  const description = scaffoldService({ name, language, owner: "team-a" });
  const sources = await serviceFiles({ name, owner: "team-a", language });
  const files = [...description, ...sources.map(({ path, text }) => ({ path: `services/${name}/${path}`, text }))];
  for (const { path, text } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const given = description.map(({ path, text }) => ({ path, bytes: Buffer.from(text) }));
  const services = checkFiles(given).services.map((service) => ({ service, folder: `services/${name}` }));
  const [image] = await buildImages({
    root,
    services,
    layout: join(folder, "images"),
    cache: join(folder, "cache"),
    platforms: [machinePlatform()],
    registry: "registry.example.com/shop",
    signal: new AbortController().signal,
  });
  if (image === undefined) throw new TypeError(`${name} was not built`);
  return image;
}
