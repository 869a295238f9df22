// The process around the command line: streams, signals, exit code.
import { enableCompileCache } from "node:module";
import { catalogue } from "./command/catalogue.ts";
import { exitCode } from "./exit-code.ts";
import { hangUp } from "./hang-up.ts";
import { run } from "./run.ts";

enableCompileCache();

const interrupt = new AbortController();
process.once("SIGINT", () => {
  interrupt.abort();
  // A second Ctrl-C does not wait for anybody.
  process.once("SIGINT", () => process.exit(exitCode.interrupted));
});
process.once("SIGTERM", () => interrupt.abort());
process.once("SIGHUP", () => interrupt.abort(hangUp));
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // `fairway explain | head` closes the pipe; that is no failure.
  if (error.code === "EPIPE") process.exit(exitCode.ok);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  catalogue,
  cwd: process.cwd(),
  env: process.env,
  signal: interrupt.signal,
  stdout: process.stdout,
  stderr: process.stderr,
});
// Who hangs up leaves pods running, and with them what listens to what they write: nobody waits for that.
if (interrupt.signal.reason === hangUp) process.exit();
