import type { LayerSource } from "../layers/layer-cache.ts";
import type { Architecture } from "../elf/elf-file.ts";
import type { Library } from "../elf/library-closure.ts";
import type { ServiceSource } from "../services/service-source.ts";

/** What a language's builder is given. */
export interface LanguageContext {
  readonly source: ServiceSource;
  /** The folder of the Git repository: names in what is compiled begin there. */
  readonly repository: string;
  /** The service's folder. */
  readonly folder: string;
  readonly architecture: Architecture;
  /** For what is fetched. */
  readonly cache: string;
  /** Where libraries come from: fails where one is missing. */
  readonly findLibraries: (programs: readonly string[]) => readonly Library[];
  /** Where the base image has a program of one of these names; undefined without a base, and when it has none. */
  readonly programOf: (names: readonly string[]) => string | undefined;
  readonly signal: AbortSignal;
}

/** What it makes of a service for one architecture. */
export interface LanguageParts {
  /** Programs and libraries on this machine, whose libraries the base has to bring. */
  readonly programs: readonly string[];
  /** Layers over the base, lowest first: what changes least comes first. */
  readonly layers: readonly LayerSource[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: readonly string[];
  readonly version: string | undefined;
  /** Files outside of the service's folder that it was made from. */
  readonly inputs: readonly string[];
}

export type LanguageBuild = (context: LanguageContext) => Promise<LanguageParts>;
