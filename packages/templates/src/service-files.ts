import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { languageCommands, type TemplateLanguage } from "./language-commands.ts";

export interface NewServiceFiles {
  readonly name: string;
  readonly owner: string;
  readonly language: TemplateLanguage;
}

/** The bundle has a copy beside its chunks, so that the same path is right in both. */
const templates = join(import.meta.dirname, "../templates");

/** Everything of a new service but its description, by path in the service's folder. */
export async function serviceFiles(
  service: NewServiceFiles,
): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const folder = join(templates, service.language);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const files = await Promise.all(
    paths
      .toSorted()
      .map(async (path) => ({ path, text: filledIn(await readFile(join(folder, path), "utf8"), service) })),
  );
  return [...files, { path: "README.md", text: readme(service) }];
}

function filledIn(text: string, { name }: NewServiceFiles): string {
  return text.replaceAll("__NAME__", name);
}

function readme({ name, owner, language }: NewServiceFiles): string {
  const { build, test, start } = languageCommands[language];
  const steps = [...(build === undefined ? [] : [build]), test, start].map((line) => line.replaceAll("__NAME__", name));
  return `# ${name}

${owner} answers for it.

\`\`\`sh
${steps.join("\n")}
curl localhost:8080/greetings/ann
\`\`\`

What it is for stands in its routes; the rest is what every service does at run time: HOST and PORT, \`/livez\`, \`/readyz\`, \`/metrics\`, problem
documents, JSON logs with the trace id, and a shutdown that finishes what has begun. \`fairway contract -- ${steps.at(-1)}\` checks all of it.
`;
}
