import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The name under which the layout has it. */
export const shellImage = "localhost/shell:1";

const programs = ["sh", "cat", "sleep", "mkdir"];

/** An OCI layout with one image, made of this machine's own shell and what it needs: no registry is asked. */
export function writeShellImage(folder: string): void {
  const blobs = join(folder, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  const paths = programs.map((name) => execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim());
  const wanted = new Set([
    ...paths.map((path) => `/bin/${path.split("/").at(-1) ?? ""}`),
    ...paths.flatMap(librariesOf),
    // Tests that need a program of Node.js mount the one that runs them.
    ...librariesOf(process.execPath),
  ]);
  // By their links' names, with what the links lead to.
  const layer = execFileSync("tar", ["-ch", "-C", "/", ...[...wanted].map((path) => path.slice(1))], {
    maxBuffer: 256 * 1024 * 1024,
  });
  const write = (bytes: Buffer): { digest: string; size: number } => {
    const hash = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(join(blobs, hash), bytes);
    return { digest: `sha256:${hash}`, size: bytes.length };
  };
  const json = (value: object): { digest: string; size: number } => write(Buffer.from(JSON.stringify(value)));
  const type = (kind: string): string => `application/vnd.oci.image.${kind}`;
  const tar = write(layer);
  const config = json({
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Env: ["PATH=/bin"], Cmd: ["/bin/sh"], WorkingDir: "/" },
    rootfs: { type: "layers", diff_ids: [tar.digest] },
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: type("manifest.v1+json"),
    config: { mediaType: type("config.v1+json"), ...config },
    layers: [{ mediaType: type("layer.v1.tar"), ...tar }],
  });
  const annotations = { "org.opencontainers.image.ref.name": shellImage };
  const manifests = [{ mediaType: type("manifest.v1+json"), ...manifest, annotations }];
  writeFileSync(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
}

/** The dynamic linker says what a program needs; each line has the path that is looked for. */
function librariesOf(program: string): string[] {
  const text = execFileSync("ldd", [realpathSync(program)], { encoding: "utf8" });
  return [...text.matchAll(/(\/\S+)(?= \(0x)/gu)].map((match) => match[1] ?? "");
}

/** Whether this machine has what the image is made with. */
export function whyNoShellImage(): string | false {
  if (process.platform !== "linux") return "programs of this system can't be put into an image";
  try {
    execFileSync("sh", ["-c", "command -v ldd tar sh cat sleep mkdir"], { stdio: "ignore" });
    return readFileSync("/proc/version", "utf8") === "" ? "there is no /proc" : false;
  } catch {
    return "ldd or tar is missing";
  }
}
