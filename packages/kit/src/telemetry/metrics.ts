import { limits } from "../limits.ts";

export type Labels = Readonly<Record<string, string>>;

export interface MetricOptions {
  /** As Prometheus names it: `shop_orders_total`, `http_server_request_duration_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

export interface ReadMetricOptions extends MetricOptions {
  readonly read?: () => number;
}

export interface Sample {
  readonly suffix: string;
  readonly labels: Labels;
  readonly value: number;
}

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** How often a value had labels beyond the bound. */
  readonly dropped: number;
  samples(): Iterable<Sample>;
}

/** Boundaries in seconds that have a boundary wherever an SLO may draw its line. */
export const durationBuckets: readonly number[] = [
  0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 3, 5, 10, 30,
];

class Series<T> {
  readonly #byKey = new Map<string, { readonly labels: Labels; readonly value: T }>();
  readonly #names: readonly string[];
  readonly #create: () => T;
  readonly #overflow: T;
  #only: T | undefined;
  dropped = 0;

  constructor(names: readonly string[], create: () => T) {
    this.#names = names;
    this.#create = create;
    this.#overflow = create();
    if (names.length === 0) this.#only = this.at({});
  }

  at(labels: Labels): T {
    if (this.#only) return this.#only;
    const key = this.#names.map((name) => labels[name] ?? "").join("\0");
    const known = this.#byKey.get(key);
    if (known) return known.value;
    if (this.#byKey.size >= limits.seriesMax) {
      this.dropped++;
      return this.#overflow;
    }
    const value = this.#create();
    const own = Object.fromEntries(this.#names.map((name) => [name, labels[name] ?? ""]));
    this.#byKey.set(key, { labels: own, value });
    return value;
  }

  all(): Iterable<{ readonly labels: Labels; readonly value: T }> {
    return this.#byKey.values();
  }
}

class Cell {
  value = 0;

  add(amount: number): void {
    this.value += amount;
  }
}

export class Counter implements Metric {
  readonly type = "counter";
  readonly name: string;
  readonly help: string;
  readonly #series: Series<Cell>;
  readonly #read: (() => number) | undefined;

  /** `read` is asked when somebody looks. */
  constructor(options: ReadMetricOptions) {
    this.name = options.name;
    this.help = options.help;
    this.#read = options.read;
    this.#series = new Series(options.labels ?? [], () => new Cell());
  }

  add(amount = 1, labels: Labels = {}): void {
    if (amount < 0) throw new RangeError(`the counter ${this.name} cannot go back by ${amount}`);
    this.#series.at(labels).add(amount);
  }

  get dropped(): number {
    return this.#series.dropped;
  }

  *samples(): Iterable<Sample> {
    if (this.#read) this.#series.at({}).value = this.#read();
    for (const { labels, value } of this.#series.all()) yield { suffix: "", labels, value: value.value };
  }
}

export class Gauge implements Metric {
  readonly type = "gauge";
  readonly name: string;
  readonly help: string;
  readonly #series: Series<Cell>;
  readonly #read: (() => number) | undefined;

  constructor(options: ReadMetricOptions) {
    this.name = options.name;
    this.help = options.help;
    this.#read = options.read;
    this.#series = new Series(options.labels ?? [], () => new Cell());
  }

  set(value: number, labels: Labels = {}): void {
    this.#series.at(labels).value = value;
  }

  add(amount: number, labels: Labels = {}): void {
    this.#series.at(labels).add(amount);
  }

  get dropped(): number {
    return this.#series.dropped;
  }

  *samples(): Iterable<Sample> {
    if (this.#read) this.set(this.#read());
    for (const { labels, value } of this.#series.all()) yield { suffix: "", labels, value: value.value };
  }
}

/** One series of a histogram, to be kept by those who observe often. */
export class HistogramCell {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let index = 0;
    while (index < this.#bounds.length && value > (this.#bounds[index] ?? 0)) index++;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += value;
  }

  *samples(labels: Labels): Iterable<Sample> {
    let total = 0;
    for (const [index, count] of this.#counts.entries()) {
      total += count;
      const le = index < this.#bounds.length ? String(this.#bounds[index]) : "+Inf";
      yield { suffix: "_bucket", labels: { ...labels, le }, value: total };
    }
    yield { suffix: "_sum", labels, value: this.#sum };
    yield { suffix: "_count", labels, value: total };
  }
}

export class Histogram implements Metric {
  readonly type = "histogram";
  readonly name: string;
  readonly help: string;
  readonly #series: Series<HistogramCell>;

  constructor(options: MetricOptions & { readonly buckets?: readonly number[] }) {
    const bounds = options.buckets ?? durationBuckets;
    this.name = options.name;
    this.help = options.help;
    this.#series = new Series(options.labels ?? [], () => new HistogramCell(bounds));
  }

  observe(value: number, labels: Labels = {}): void {
    this.#series.at(labels).observe(value);
  }

  cell(labels: Labels): HistogramCell {
    return this.#series.at(labels);
  }

  get dropped(): number {
    return this.#series.dropped;
  }

  *samples(): Iterable<Sample> {
    for (const { labels, value } of this.#series.all()) yield* value.samples(labels);
  }
}

/** All metrics of a process. Asking twice for a name gives the same metric. */
export class Registry {
  readonly #metrics = new Map<string, Metric>();

  counter(options: ReadMetricOptions): Counter {
    return this.#once(options.name, Counter, () => new Counter(options));
  }

  gauge(options: ReadMetricOptions): Gauge {
    return this.#once(options.name, Gauge, () => new Gauge(options));
  }

  histogram(options: MetricOptions & { readonly buckets?: readonly number[] }): Histogram {
    return this.#once(options.name, Histogram, () => new Histogram(options));
  }

  all(): Iterable<Metric> {
    return this.#metrics.values();
  }

  #once<M extends Metric>(name: string, kind: new (options: never) => M, create: () => M): M {
    const known = this.#metrics.get(name);
    if (known instanceof kind) return known;
    if (known) throw new TypeError(`the metric ${name} is a ${known.type} already`);
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a metric`);
    const metric = create();
    this.#metrics.set(name, metric);
    return metric;
  }
}
