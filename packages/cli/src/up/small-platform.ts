import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallService {
  readonly name?: string;
  /** Of its spec, as YAML. */
  readonly http?: string;
  /** Further lines of its spec. */
  readonly more?: string;
}

export const smallPlatformText = `
apiVersion: fairway.dev/v1
kind: Platform
metadata: { name: small }
spec:
  domain: small.example.com
  environments: [{ name: dev }]
  registry: { type: ghcr, address: ghcr.io/example/small }
`;

/** A platform with the service hello-service in a folder of its own, for tests. */
export class SmallPlatform {
  readonly folder = mkdtempSync(join(tmpdir(), "fairway-small-"));
  readonly platformFile = join(this.folder, "platform.yaml");
  readonly serviceFile = join(this.folder, "hello-service/service.yaml");
  readonly main = join(this.folder, "hello-service/src/main.ts");

  constructor() {
    mkdirSync(join(this.folder, ".git"));
    writeFileSync(this.platformFile, smallPlatformText);
    this.describe({});
    this.write({});
  }

  describe({ name = "hello-service", http = "{ port: 8080 }", more = "" }: SmallService): void {
    mkdirSync(join(this.folder, name), { recursive: true });
    writeFileSync(
      join(this.folder, name, "service.yaml"),
      `
apiVersion: fairway.dev/v1
kind: Service
metadata: { name: ${name}, owner: team-hello }
spec:
  language: typescript
  http: ${http}
  release: { strategy: rolling }
  ${more}
`,
    );
  }

  /** A program that answers probes, and everything else too. */
  write({
    name = "hello-service",
    start = "",
    answer = `"hello"`,
  }: {
    readonly name?: string;
    readonly start?: string;
    readonly answer?: string;
  }): void {
    mkdirSync(join(this.folder, name, "src"), { recursive: true });
    writeFileSync(
      join(this.folder, name, "src/main.ts"),
      `
import { createServer } from "node:http";
${start}
const server = createServer((_, response) => response.end(${answer}));
server.listen(Number(process.env["PORT"]), process.env["HOST"]);
process.on("SIGTERM", () => process.exit(0));
`,
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
