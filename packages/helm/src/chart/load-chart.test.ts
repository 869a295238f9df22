import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { describe, test } from "node:test";
import { HelmError } from "../errors.ts";
import { limits } from "../limits.ts";
import { loadChartArchive, loadChartFolder } from "./load-chart.ts";

const encoder = new TextEncoder();
const chartYaml = "apiVersion: v2\nname: demo\nversion: 1.0.0\n";

interface Entry {
  readonly name: string;
  readonly text?: string;
  readonly type?: string;
  /** What the header says about the size, if not the truth. */
  readonly size?: number;
}

function tarHeader(entry: Entry, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(entry.name, 0, 100);
  header.write("0000644\0", 100);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        ", 148);
  header.write(entry.type ?? "0", 156);
  header.write("ustar\0", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function archive(...entries: readonly Entry[]): Uint8Array {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    const body = Buffer.from(entry.text ?? "");
    parts.push(tarHeader(entry, entry.size ?? body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512));
  }
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
}

function folder(files: Readonly<Record<string, string>>): Map<string, Uint8Array> {
  return new Map(Object.entries(files).map(([name, text]) => [name, encoder.encode(text)]));
}

function refuses(load: () => unknown, message: RegExp, code?: string): void {
  assert.throws(load, (error) => {
    assert.ok(error instanceof HelmError);
    assert.match(error.message, message);
    if (code !== undefined) assert.equal(error.code, code);
    return true;
  });
}

describe("a chart archive", () => {
  test("is read with the first path element taken for the chart's folder", () => {
    const chart = loadChartArchive(
      archive(
        { name: "any/Chart.yaml", text: chartYaml },
        { name: "any/values.yaml", text: "a: 1\n" },
        { name: "any/templates/", type: "5" },
        { name: "any/templates/x.yaml", text: "x: {{ .Values.a }}" },
        { name: "any/charts/sub/Chart.yaml", text: "apiVersion: v1\nname: sub\nversion: 0.1.0\n" },
      ),
    );
    assert.equal(chart.metadata.name, "demo");
    assert.deepEqual(chart.values, { a: 1 });
    assert.deepEqual(
      chart.templates.map((file) => file.name),
      ["templates/x.yaml"],
    );
    assert.deepEqual(
      chart.dependencies.map((sub) => sub.metadata.name),
      ["sub"],
    );
  });

  test("may come from Windows, with backslashes", () => {
    const chart = loadChartArchive(
      archive({ name: "any\\Chart.yaml", text: chartYaml }, { name: "any\\templates\\x.yaml", text: "x: y" }),
    );
    assert.equal(chart.templates[0]?.name, "templates/x.yaml");
  });

  test("is refused when a name leads out of the chart", () => {
    const wrongNames: readonly (readonly [string, RegExp])[] = [
      ["any/../../evil", /references parent directory/],
      ["/../../evil", /references parent directory/],
      ["any//etc/passwd", /absolute paths/],
      ["\\..\\..\\evil", /references parent directory/],
      ["./.", /outside the base directory/],
      ["top-level", /outside the base directory/],
      ["/./c://evil", /illegally named files/],
      ["Chart.yaml/x", /not in base directory/],
    ];
    for (const [name, message] of wrongNames) {
      refuses(() => loadChartArchive(archive({ name, text: "x" })), message, "archive-invalid");
    }
  });

  test("never follows links: they are files without content", () => {
    const chart = loadChartArchive(
      archive(
        { name: "any/Chart.yaml", text: chartYaml },
        { name: "any/link", type: "2", text: "" },
        { name: "any/hard", type: "1", text: "" },
      ),
    );
    assert.deepEqual(
      chart.files.map((file) => [file.name, file.data.length]),
      [
        ["link", 0],
        ["hard", 0],
      ],
    );
  });

  test("is refused when it unpacks to more than Helm takes", () => {
    const megabyte = gzipSync(Buffer.alloc(1024 * 1024));
    const bomb = Buffer.concat(Array.from({ length: 200 }, () => megabyte));
    refuses(() => loadChartArchive(bomb), /larger than the maximum size/, "limit-exceeded");
    const large = "x".repeat(limits.fileBytesMax + 1);
    refuses(
      () => loadChartArchive(archive({ name: "any/large", text: large })),
      /larger than the maximum file size/,
      "limit-exceeded",
    );
  });

  test("is refused when it is broken", () => {
    refuses(() => loadChartArchive(encoder.encode("not gzip")), /gzip: invalid header/);
    refuses(() => loadChartArchive(gzipSync(Buffer.from("x".repeat(600)))), /invalid tar header/);
    refuses(() => loadChartArchive(archive({ name: "any/x", text: "x", size: 5000 })), /unexpected EOF/);
    refuses(() => loadChartArchive(archive()), /no files in chart archive/);
  });

  test("has long names in extension headers", () => {
    const long = `any/templates/${"n".repeat(150)}.yaml`;
    const record = ` path=${long}\n`;
    const pax = `${record.length + 3}${record}`;
    const chart = loadChartArchive(
      archive(
        { name: "any/Chart.yaml", text: chartYaml },
        { name: "pax", type: "x", text: pax },
        { name: "short", text: "a: b" },
        { name: "././@LongLink", type: "L", text: `${long}2\0` },
        { name: "short", text: "c: d" },
      ),
    );
    assert.deepEqual(
      chart.templates.map((file) => file.name),
      [long.slice(4), `${long.slice(4)}2`],
    );
  });
});

describe("a chart folder", () => {
  test("is refused when a name leads out of it", () => {
    for (const name of ["../evil", "/etc/passwd", "templates/../../x", "a\\b"]) {
      refuses(() => loadChartFolder(folder({ "Chart.yaml": chartYaml, [name]: "x" })), /outside the chart's folder/);
    }
  });

  test("loses the byte order mark of its files", () => {
    const chart = loadChartFolder(folder({ "Chart.yaml": `\u{FEFF}${chartYaml}`, "a.txt": "\u{FEFF}text" }));
    assert.equal(new TextDecoder().decode(chart.files[0]?.data), "text");
  });

  test("names the subchart that is at fault", () => {
    refuses(
      () => loadChartFolder(folder({ "Chart.yaml": chartYaml, "charts/bad/Chart.yaml": "name: bad\n" })),
      /^error unpacking subchart bad in demo: validation: chart.metadata.version is required$/,
    );
  });

  test("is refused when charts are nested without end", () => {
    const files: Record<string, string> = {};
    for (let depth = 0; depth <= limits.chartDepthMax; depth++) {
      files[`${"charts/x/".repeat(depth)}Chart.yaml`] = chartYaml;
    }
    refuses(() => loadChartFolder(folder(files)), /nested more than/, "limit-exceeded");
  });

  test("with the experimental apiVersion v3 is refused, as helm template refuses it", () => {
    refuses(
      () => loadChartFolder(folder({ "Chart.yaml": "apiVersion: v3\nname: x\nversion: 1.0.0\n" })),
      /apiVersion v3/,
      "unsupported",
    );
  });
});
