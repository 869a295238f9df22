import type { Language } from "@fairway/spec";
import { BuildError } from "../build-error.ts";
import type { LanguageBuild } from "./language-build.ts";
import { buildGoService } from "./go.ts";
import { buildJavaService } from "./java.ts";
import { buildNodeService } from "./node.ts";
import { buildPythonService } from "./python.ts";
import { buildRustService } from "./rust.ts";

/** Who builds what. A new language is a file and a row here. */
const builders: Readonly<Partial<Record<Language, LanguageBuild>>> = {
  typescript: buildNodeService,
  javascript: buildNodeService,
  python: buildPythonService,
  go: buildGoService,
  java: buildJavaService,
  rust: buildRustService,
};

export function builderOf(language: Language, service: string): LanguageBuild {
  const builder = builders[language];
  if (builder !== undefined) return builder;
  throw new BuildError(
    "unsupported_language",
    `${service} is written in ${language}, of which images are made by its Dockerfile: build it with --engine buildah or --engine docker`,
  );
}
