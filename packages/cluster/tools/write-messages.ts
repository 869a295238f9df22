// Writes src/protobuf/data/messages.json anew, from the Go types of the Kubernetes API. Needs Go.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "go-fields");
const text = execFileSync("go", ["run", "./protobuf"], { cwd: folder, maxBuffer: 2 ** 26, encoding: "utf8" });
writeFileSync(join(import.meta.dirname, "../src/protobuf/data/messages.json"), text);
