import { ConfigError } from "../config/config.ts";
import { createService } from "./service.ts";
import { ListenError } from "../http/server.ts";
import type { Environment } from "../config/config.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { ServiceParts } from "./service.ts";

/** How a service ends: 0 after a signal, 1 after a defect, 78 (as sysexits.h has it) with a wrong configuration. */
const exitCodes = { stopped: 0, failed: 1, configuration: 78, interrupted: 130 } as const;

/**
 * The whole life of a process: configuration, start, signals, end. The first SIGTERM or SIGINT ends it gracefully, the
 * second at once.
 */
export async function runService(build: (env: Environment) => ServiceParts | Promise<ServiceParts>): Promise<void> {
  let log: Logger | undefined;
  const fail = (error: unknown): void => {
    if (log) log.error("the process ends because of a defect", { error });
    else process.stderr.write(`${messageOf(error)}\n`);
    process.exit(error instanceof ConfigError ? exitCodes.configuration : exitCodes.failed);
  };
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  try {
    const parts = await build(process.env);
    const service = createService(parts);
    log = service.telemetry.log;
    const listening = await service.listen();
    endOnSignal(() => listening.close(), parts.config.SHUTDOWN_SECONDS, log);
  } catch (error) {
    fail(error);
  }
}

function messageOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof ListenError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function endOnSignal(close: () => Promise<void>, shutdownSeconds: number, log: Logger): void {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) process.exit(exitCodes.interrupted);
    ending = true;
    log.info("stopping", { signal, withinSeconds: shutdownSeconds });
    const late = setTimeout(() => {
      log.error("the time for shutting down is over");
      process.exit(exitCodes.failed);
    }, shutdownSeconds * 1_000);
    close().then(
      () => {
        clearTimeout(late);
        process.exit(exitCodes.stopped);
      },
      (error: unknown) => {
        log.error("shutting down failed", { error });
        process.exit(exitCodes.failed);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
}
