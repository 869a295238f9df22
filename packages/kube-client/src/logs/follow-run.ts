import type { StreamingKubeClient } from "../kube-client.ts";
import { KubeError } from "../kube-error.ts";
import { reconnectPace } from "../limits.ts";
import { backOffMs, systemClock } from "../objects/pace.ts";
import { containerLog } from "./container-log.ts";
import type { ContainerName, LogChoice, LogLine } from "./container-log.ts";

export interface LineSink {
  /** Answers false when nobody reads any more. */
  readonly push: (line: LogLine) => Promise<boolean>;
  readonly signal: AbortSignal;
}

export interface RunOptions {
  readonly options: LogChoice & { readonly onTrouble?: (error: unknown) => void };
  /** The first run that is seen of a container; later ones are read from their beginning. */
  readonly isFirst: boolean;
  readonly sink: LineSink;
  readonly stillRuns: () => boolean;
}

/** One run of a container to its end; a connection that breaks is made again, and goes on after the last line. */
export async function followRun(client: StreamingKubeClient, name: ContainerName, run: RunOptions): Promise<void> {
  const { options, sink } = run;
  const { tailLines, sinceSeconds, sinceTime } = options;
  const place = new Place(run.isFirst ? { tailLines, sinceSeconds, sinceTime } : {});
  for (let failures = 0; !sink.signal.aborted;) {
    try {
      const choice = place.resume();
      for await (const line of containerLog(client, name, { ...choice, follow: true }, sink.signal)) {
        failures = 0;
        if (place.isNew(line) && !(await sink.push(line))) return;
      }
      // Proxies between here and the kubelet end what is silent for long.
      if (!run.stillRuns()) return;
    } catch (error) {
      if (sink.signal.aborted || (error instanceof KubeError && error.code === "not-found")) return;
      if (error instanceof KubeError && (error.code === "forbidden" || error.code === "unauthorized")) throw error;
      options.onTrouble?.(error);
    }
    failures += 1;
    await systemClock.pause(backOffMs(failures, reconnectPace), sink.signal).catch(() => undefined);
  }
}

/** Where reading is. The server sends again what has the very time that it is asked for. */
class Place {
  readonly #first: LogChoice;
  #time = "";
  #linesAtTime = 0;
  #known = 0;

  constructor(first: LogChoice) {
    this.#first = first;
  }

  resume(): LogChoice {
    this.#known = this.#linesAtTime;
    return this.#time === "" ? this.#first : { sinceTime: this.#time };
  }

  isNew({ time }: LogLine): boolean {
    if (time < this.#time) return false;
    if (time === this.#time && this.#known > 0) {
      this.#known -= 1;
      return false;
    }
    this.#linesAtTime = time === this.#time ? this.#linesAtTime + 1 : 1;
    this.#time = time;
    this.#known = 0;
    return true;
  }
}
