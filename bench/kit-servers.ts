// The two servers that bench/kit.ts compares, each in a process of its own: the same answers, by hand and by the kit.
import { createServer } from "node:http";
import { createService, loadConfig, route, serviceConfig, t } from "@fairway/kit";
import type { IncomingMessage, ServerResponse } from "node:http";

const items = Array.from({ length: 20 }, (_, index) => ({
  id: index + 1,
  name: `item ${index + 1}`,
  priceCents: 100 * (index + 1),
  tags: ["a", "b"],
}));

function pageOf(id: number, limit: number) {
  return { id, items: items.slice(0, limit) };
}

/** What a careful person writes without a kit: a bound for the body, parse, look at each field, answer with a length. */
function bareHandler(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === "POST") {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyBytesMax) chunks.push(chunk);
    });
    request.on("end", () => {
      const order = size <= bodyBytesMax ? parseOrder(Buffer.concat(chunks).toString("utf8")) : undefined;
      if (order) answer(response, 201, { accepted: order.items.length, note: order.note });
      else answer(response, 400, { title: "that is no order" });
    });
    return;
  }
  const url = new URL(request.url ?? "/", "http://localhost");
  const id = Number(url.pathname.split("/")[2]);
  answer(response, 200, pageOf(id, Number(url.searchParams.get("limit") ?? 10)));
}

const bodyBytesMax = 100 * 1024;

interface Order {
  readonly note: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
}

function parseOrder(text: string): Order | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isOrder(value) ? value : undefined;
}

function isOrder(value: unknown): value is Order {
  if (typeof value !== "object" || value === null || !("note" in value) || !("items" in value)) return false;
  const { note, items: lines } = value;
  return (
    typeof note === "string" && note.length <= 100 && Array.isArray(lines) && lines.length <= 50 && lines.every(isLine)
  );
}

function isLine(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("productId" in value) || !("quantity" in value)) return false;
  const { productId, quantity } = value;
  return typeof productId === "string" && Number.isInteger(quantity) && Number(quantity) >= 1;
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

const item = t.Object({ id: t.Integer(), name: t.String(), priceCents: t.Integer(), tags: t.Array(t.String()) });
const routes = [
  route({
    method: "GET",
    path: "/shelves/{id}",
    summary: "",
    params: t.Object({ id: t.Integer({ minimum: 1 }) }),
    query: t.Object({ limit: t.Integer({ default: 10, minimum: 1, maximum: 20 }) }),
    responses: { 200: t.Object({ id: t.Integer(), items: t.Array(item) }) },
    access: "public",
    handler: ({ params, query }) => ({ status: 200, body: pageOf(params.id, query.limit) }),
  }),
  route({
    method: "POST",
    path: "/orders",
    summary: "",
    body: t.Object({
      note: t.String({ maxLength: 100 }),
      items: t.Array(t.Object({ productId: t.String(), quantity: t.Integer({ minimum: 1 }) }), { maxItems: 50 }),
    }),
    responses: { 201: t.Object({ accepted: t.Integer(), note: t.String() }) },
    access: "public",
    handler: ({ body }) => ({ status: 201, body: { accepted: body.items.length, note: body.note } }),
  }),
];

async function listen(kind: string | undefined): Promise<number> {
  if (kind === "kit") {
    const config = loadConfig(serviceConfig({}), { PORT: "0" });
    const { url } = await createService({ name: "bench", version: "1", config, routes }).listen();
    return Number(new URL(url).port);
  }
  const server = createServer(bareHandler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

const port = await listen(process.argv[2]);
process.on("message", () => process.send?.({ cpu: process.cpuUsage() }));
process.send?.({ port });
