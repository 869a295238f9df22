/** What can be read off ginkgo's output while it runs. */
export interface Progress {
  readonly total: number;
  readonly done: number;
  readonly failed: readonly string[];
}

/** Reads the output of parallel ginkgo as it comes, in pieces of any size. */
export class ProgressReader {
  #rest = "";
  #total = 0;
  #done = 0;
  #nameFollows = false;
  readonly #failed: string[] = [];

  get progress(): Progress {
    // Dots of passed specs come one by one on a line that stays open.
    const open = /^[•S]+$/u.test(this.#rest) ? count(this.#rest) : 0;
    return { total: this.#total, done: this.#done + open, failed: [...this.#failed] };
  }

  push(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const total = /^Will run (\d+) of \d+ specs/u.exec(line);
    if (total !== null) this.#total = Number(total[1]);
    if (this.#nameFollows) {
      this.#nameFollows = false;
      this.#failed.push(line.replace(/ \[It\] /u, " ").trim());
      return;
    }
    const dots = /^([•S]+)(?: \[.*)?$/u.exec(line)?.[1];
    if (dots === undefined) return;
    this.#done += count(dots);
    this.#nameFollows = /^• \[(?:FAILED|PANICKED|TIMEDOUT|INTERRUPTED|ABORTED)/u.test(line);
  }
}

/** Skipped specs are printed as S; those that weren't chosen too, unless ginkgo is told to be silent about them. */
function count(dots: string): number {
  return [...dots].filter((each) => each === "•" || each === "S").length;
}
