import { statSync } from "node:fs";
import { getCACertificates } from "node:tls";
import { diskFile, textFile, type ImageEntry } from "../archive/image-entry.ts";
import type { Library } from "../elf/library-closure.ts";
import { imageUser } from "../oci/image-config.ts";
import { fileMark } from "./file-mark.ts";
import type { LayerSource } from "./layer-cache.ts";

/** The lowest layer: the loader with the libraries that a runtime needs, whom to trust, who is who, and a place for scraps. */
export function baseLayer(libraries: readonly Library[]): LayerSource {
  return {
    key: ["base", ...certificates(), ...libraries.flatMap(({ path, source }) => [path, fileMark(source)])],
    isShared: true,
    entries: () => [...commonEntries(), ...libraries.map(libraryEntry)],
  };
}

function libraryEntry({ path, source }: Library): ImageEntry {
  return diskFile(path, source, { bytes: statSync(source).size, mode: 0o755 });
}

/** Files that every image has, whatever language its service is written in. */
function commonEntries(): readonly ImageEntry[] {
  const user = `nonroot:x:${imageUser}:`;
  return [
    textFile(
      "etc/passwd",
      `root:x:0:0:root:/:/sbin/nologin\n${user}${imageUser}:nonroot:/home/nonroot:/sbin/nologin\n`,
    ),
    textFile("etc/group", `root:x:0:\n${user}\n`),
    textFile("etc/nsswitch.conf", "hosts: files dns\n"),
    textFile("etc/ssl/certs/ca-certificates.crt", `${certificates().join("\n")}\n`),
    { kind: "folder", path: "home/nonroot", mode: 0o700, owner: imageUser },
    { kind: "folder", path: "tmp", mode: 0o1777 },
    // Engines mount over these; an image whose root is read-only has to bring them.
    ...["dev", "proc", "sys"].map((path): ImageEntry => ({ kind: "folder", path })),
  ];
}

/** Those that Node brings, in one order: the machine's own list may hold a company's certificate, or be years old. */
function certificates(): readonly string[] {
  return getCACertificates("bundled")
    .map((text) => text.trim())
    .toSorted();
}
