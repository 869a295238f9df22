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

/** What a careful person writes without a kit: parse, look, answer with a length. */
function bareHandler(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === "POST") {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const order = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      answer(response, 201, { accepted: order.items.length, note: order.note });
    });
    return;
  }
  const url = new URL(request.url ?? "/", "http://localhost");
  const id = Number(url.pathname.split("/")[2]);
  answer(response, 200, pageOf(id, Number(url.searchParams.get("limit") ?? 10)));
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
