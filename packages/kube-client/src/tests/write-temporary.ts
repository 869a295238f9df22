import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** A folder with these files, for a test. */
export async function writeTemporary(files: Readonly<Record<string, string>>): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), "fairway-kube-client-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text, { mode: 0o700 });
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
