/** Counters, gauges and histograms, written as Prometheus reads them. */
export interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: () => Iterable<Sample>;
}

export interface Sample {
  /** What follows the family's name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
  readonly labels: string;
  readonly value: number;
}

export type Labels = Readonly<Record<string, string>>;

/** `code="200",verb="GET"`: in the order of the names, as others write them. */
export function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}="${value.replace(/["\\\n]/gu, escaped)}"`)
    .join(",");
}

function escaped(character: string): string {
  return character === "\n" ? "\\n" : `\\${character}`;
}

export function prometheusText(families: readonly Family[]): string {
  return families
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .map(familyText)
    .join("");
}

function familyText({ name, type, help, samples }: Family): string {
  const lines = Array.from(samples(), ({ suffix = "", labels, value }) => {
    const braced = labels === "" ? "" : `{${labels}}`;
    return `${name}${suffix}${braced} ${valueText(value)}\n`;
  });
  return lines.length === 0 ? "" : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return Math.abs(value) >= 1e21 ? value.toExponential() : String(value);
}

/** How often something was how large. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? 0)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  *samples(labels: string): Generator<Sample> {
    const and = labels === "" ? "" : `${labels},`;
    let count = 0;
    for (const [index, bound] of [...this.#bounds, Number.POSITIVE_INFINITY].entries()) {
      count += this.#counts[index] ?? 0;
      yield { suffix: "_bucket", labels: `${and}le="${valueText(bound)}"`, value: count };
    }
    yield { suffix: "_sum", labels, value: this.#sum };
    yield { suffix: "_count", labels, value: count };
  }
}
