import { ProtobufError, readFields } from "./wire-reader.ts";

type Decode = (message: string, bytes: Buffer) => Record<string, unknown>;

const schemaProps = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

/** Messages that are something else in JSON than an object of their fields. Undefined: the zero value, which is not written. */
export const specialTypes: Readonly<Record<string, ((bytes: Buffer, decode: Decode) => unknown) | undefined>> = {
  Time: (bytes) => timeOf(bytes, 0),
  MicroTime: (bytes) => timeOf(bytes, 6),
  Duration: (bytes) => durationText(numbersOf(bytes).get(1) ?? 0n),
  Quantity: (bytes) => textOf(bytes, 1) ?? "0",
  IntOrString: (bytes) => {
    const numbers = numbersOf(bytes);
    return numbers.get(1) === 1n ? (textOf(bytes, 3) ?? "") : Number(numbers.get(2) ?? 0n);
  },
  Raw: rawOf,
  JSON: rawOf,
  SchemaOrBool: (bytes, decode) => {
    const schema = bytesOf(bytes, 2);
    return schema ? decode(schemaProps, schema) : numbersOf(bytes).get(1) === 1n;
  },
  SchemaOrArray: (bytes, decode) => {
    const schema = bytesOf(bytes, 1);
    return schema ? decode(schemaProps, schema) : allBytes(bytes, 2).map((each) => decode(schemaProps, each));
  },
  SchemaOrStrings: (bytes, decode) => {
    const schema = bytesOf(bytes, 1);
    return schema ? decode(schemaProps, schema) : allBytes(bytes, 2).map((each) => each.toString("utf8"));
  },
};

function rawOf(bytes: Buffer): unknown {
  const text = textOf(bytes, 1);
  if (text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProtobufError("raw content is no JSON");
  }
}

function timeOf(bytes: Buffer, digits: number): string | undefined {
  const numbers = numbersOf(bytes);
  const seconds = numbers.get(1);
  const nanos = numbers.get(2) ?? 0n;
  // The zero time of Go, or none.
  if (seconds === undefined || (seconds === -62_135_596_800n && nanos === 0n)) return undefined;
  const whole = new Date(Number(seconds) * 1_000).toISOString().slice(0, 19);
  return digits === 0 ? `${whole}Z` : `${whole}.${String(nanos).padStart(9, "0").slice(0, digits)}Z`;
}

const units: readonly (readonly [string, bigint])[] = [
  ["h", 3_600_000_000_000n],
  ["m", 60_000_000_000n],
];

/** As Go prints a duration: `1h0m30s`. */
function durationText(nanos: bigint): string {
  const sign = nanos < 0n ? "-" : "";
  let rest = nanos < 0n ? -nanos : nanos;
  let text = "";
  for (const [unit, size] of units) {
    if (text !== "" || rest >= size) text += `${rest / size}${unit}`;
    rest %= size;
  }
  return `${sign}${text}${Number(rest) / 1e9}s`;
}

function numbersOf(bytes: Buffer): ReadonlyMap<number, bigint> {
  const numbers = new Map<number, bigint>();
  for (const { number, content } of readFields(bytes)) {
    if (content.wire === "varint") numbers.set(number, content.value);
  }
  return numbers;
}

function allBytes(bytes: Buffer, wanted: number): readonly Buffer[] {
  return [...readFields(bytes)].flatMap(({ number, content }) =>
    number === wanted && content.wire === "bytes" ? [content.bytes] : [],
  );
}

function bytesOf(bytes: Buffer, wanted: number): Buffer | undefined {
  return allBytes(bytes, wanted).at(-1);
}

function textOf(bytes: Buffer, wanted: number): string | undefined {
  return bytesOf(bytes, wanted)?.toString("utf8");
}
