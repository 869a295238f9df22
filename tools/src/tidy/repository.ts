import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "rolldown/utils";

export const repositoryRoot = join(import.meta.dirname, "../../..");

/** A node of the syntax tree; the rules look only at what they ask for. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Comment {
  readonly value: string;
  readonly start: number;
}

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: SyntaxNode;
  readonly comments: readonly Comment[];
  readonly isTest: boolean;
}

/** What one place does wrong, why the rule exists and what to do instead. */
export interface Violation {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** Every file that git tracks or would track. */
export function listFiles(root = repositoryRoot): readonly string[] {
  const printed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return printed.split("\0").filter((path) => path !== "" && isFile(join(root, path)));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

export function readSources(paths: readonly string[], root = repositoryRoot): readonly SourceFile[] {
  return paths
    .filter((path) => /\.tsx?$/.test(path) && !path.includes("/testdata/"))
    .map((path) => sourceFile(path, readFileSync(join(root, path), "utf8")));
}

export function sourceFile(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text);
  const failure = errors[0];
  if (failure) throw new Error(`${path} does not parse: ${failure.message}`);
  return {
    path,
    text,
    program: program as unknown as SyntaxNode,
    comments,
    isTest: /\.(test|contract)\.tsx?$/.test(path) || path.includes("/tests/"),
  };
}

export function lineOf(file: Pick<SourceFile, "text">, offset: number): number {
  let line = 1;
  for (
    let index = file.text.indexOf("\n");
    index !== -1 && index < offset;
    index = file.text.indexOf("\n", index + 1)
  ) {
    line++;
  }
  return line;
}

/** Calls `visit` for each node, parents first. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode, parent: SyntaxNode | undefined) => void): void {
  const pending: { node: SyntaxNode; parent: SyntaxNode | undefined }[] = [{ node, parent: undefined }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    visit(next.node, next.parent);
    for (const value of Object.values(next.node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) pending.push({ node: child, parent: next.node });
      }
    }
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
