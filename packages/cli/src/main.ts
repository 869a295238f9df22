// The process around the command line: streams, signals, exit code.
import { enableCompileCache } from "node:module";
import { catalogue } from "./command/catalogue.ts";
import { exitCode } from "./exit-code.ts";
import { hangUp } from "./hang-up.ts";
import { run } from "./run.ts";
import { safeOutput } from "./terminal/output.ts";

enableCompileCache();

const interrupt = new AbortController();
/** Whether the command looks after its end itself; one that does not has nothing to tidy up. */
let endsItself = false;
let outputCode: number | undefined;

function end(reason?: unknown): void {
  if (!endsItself) process.exit(outputCode ?? exitCode.interrupted);
  interrupt.abort(reason);
}
process.once("SIGINT", () => {
  end();
  // A second Ctrl-C does not wait for anybody.
  process.once("SIGINT", () => process.exit(exitCode.interrupted));
});
process.once("SIGTERM", () => end());
process.once("SIGHUP", () => end(hangUp));

const stderr = safeOutput(process.stderr, { onFailure: () => undefined });
const stdout = safeOutput(process.stdout, {
  onFailure: ({ code, message }) => {
    // `fairway logs -f orders | head -1` closes the pipe; that is no failure.
    outputCode = code === "EPIPE" ? exitCode.ok : exitCode.environmentNotFit;
    // The command may have ended already.
    process.exitCode = outputCode;
    if (code !== "EPIPE") stderr.write(`error: standard output can't be written: ${message}\n`);
    interrupt.abort();
  },
});

function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    stderr.write("error: the folder that you are in is not there any more\n  what to do: cd to another one\n");
    process.exit(exitCode.environmentNotFit);
  }
}

const code = await run(process.argv.slice(2), {
  catalogue,
  cwd: workingFolder(),
  env: process.env,
  get signal() {
    endsItself = true;
    return interrupt.signal;
  },
  stdout,
  stderr,
});
process.exitCode = outputCode ?? code;
// Who hangs up leaves pods running, and with them what listens to what they write; a start that failed may have left anything behind.
if (interrupt.signal.reason === hangUp || code > exitCode.problemsFound) process.exit();
