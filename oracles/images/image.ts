import type { BinaryName } from "../kubernetes/data/binaries.ts";

/** A part of an image's root that several images may share. What it is made of is all there is in it. */
export interface LayerRecipe {
  /** Debian packages, with all that they depend on. */
  readonly packages?: readonly string[];
  /** Programs built with Go: path in the image to the binary's name. */
  readonly binaries?: Readonly<Record<string, BinaryName>>;
  /** Those of the binaries that run as their owner, whoever starts them. */
  readonly setuid?: readonly string[];
  /** Path in the image to text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Path in the image to the text of a program for an interpreter. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Path in the image to a path in the module `k8s.io/kubernetes`. */
  readonly moduleFiles?: Readonly<Record<string, string>>;
  /** Path in the image to where it points. */
  readonly links?: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
  /** Names that busybox answers to, as far as no package brings the real program. */
  readonly busyboxLinks?: boolean;
}

export interface ImageRecipe {
  /** All the names under which it is asked for. */
  readonly names: readonly string[];
  /** Names of layers, the lowest first. */
  readonly layers: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly workingFolder?: string;
  readonly ports?: readonly number[];
  readonly env?: readonly string[];
}
