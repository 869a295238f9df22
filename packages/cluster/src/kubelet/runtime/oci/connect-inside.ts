import { spawn } from "node:child_process";
import { once } from "node:events";
import { duplexPair } from "node:stream";
import type { Duplex } from "node:stream";
import { KubeletError } from "../../kubelet-error.ts";

/** Copies between its own ends and a port of the loopback that it finds itself with. */
const program = `
const socket = require("node:net").connect(Number(process.argv[1]), "127.0.0.1");
socket.on("connect", () => { process.stderr.write("+"); process.stdin.pipe(socket).pipe(process.stdout); });
socket.on("error", (error) => { process.stderr.write("-" + error.message); process.exit(1); });
`;

/** A connection to a port of the loopback of a pod's network, by a process inside of it. */
export async function connectInside(port: number, network: string): Promise<Duplex> {
  const command = [`--net=${network}`, process.execPath, "--no-warnings", "-e", program, String(port)];
  const child = spawn("nsenter", command, { stdio: ["pipe", "pipe", "pipe"], env: { PATH: process.env["PATH"] } });
  const [said]: Buffer[] = await Promise.race([once(child.stderr, "data"), once(child, "exit")]);
  const text = Buffer.isBuffer(said) ? said.toString("utf8") : "";
  if (!text.startsWith("+")) {
    child.kill();
    throw new KubeletError("exec-failed", `connecting to port ${port}: ${text.slice(1) || "no connection"}`);
  }
  const [ours, theirs] = duplexPair();
  child.stdout.pipe(theirs);
  theirs.pipe(child.stdin);
  // Whoever ends first takes the other along.
  child.stdin.on("error", () => ours.destroy());
  ours.once("close", () => child.kill());
  return ours;
}
