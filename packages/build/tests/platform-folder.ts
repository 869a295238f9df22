import { checkFiles, scaffoldService, type Language } from "@fairway/spec";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildImages, machinePlatform, type BuildOptions, type BuiltImage, type ServiceSource } from "@fairway/build";

/** A service with the files that are given, in a platform's folder. */
export function writeService(
  root: string,
  {
    name,
    language,
    files,
  }: { readonly name: string; readonly language: Language; readonly files: Readonly<Record<string, string>> },
): ServiceSource {
  const description = scaffoldService({ name, language, owner: "team-a" });
  const folder = `services/${name}`;
  const all = [...description, ...Object.entries(files).map(([path, text]) => ({ path: `${folder}/${path}`, text }))];
  for (const { path, text } of all) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const given = description.map(({ path, text }) => ({ path, bytes: Buffer.from(text) }));
  const [service] = checkFiles(given).services;
  if (service === undefined) throw new TypeError(`the description of ${name} is not valid`);
  return { service, folder };
}

export async function buildOne(
  source: ServiceSource,
  options: Pick<BuildOptions, "root" | "layout" | "cache"> & Partial<BuildOptions>,
): Promise<BuiltImage> {
  const [image] = await buildImages({
    services: [source],
    platforms: [machinePlatform()],
    registry: "ghcr.io/acme/shop",
    signal: new AbortController().signal,
    ...options,
  });
  if (image === undefined) throw new TypeError("no image was built");
  return image;
}
