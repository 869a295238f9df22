import { randomBytes } from "node:crypto";
import { defineCommand } from "../command/command.ts";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import { findShopHome } from "../shop/shop-home.ts";
import { folderOption } from "../shop/shop-options.ts";
import { requireShop } from "../shop/shop-control.ts";
import { ShopClient, untilTraced } from "../shop/shop-client.ts";
import { traceTree } from "../shop/trace-tree.ts";
import type { ShopOrder, ShopProduct } from "../shop/shop-client.ts";

export const shopOrderCommand = defineCommand({
  summary: "Place an order in the reference shop and show its trace",
  description: "Registers a customer, orders through the gateway, waits for the end and shows which service did what.",
  positionals: [],
  options: {
    ...folderOption,
    product: { type: "string", valueName: "NAME", summary: "a part of the product's name (any product)" },
    quantity: { type: "integer", valueName: "N", min: 1, summary: "how many of it (1)" },
    statements: { type: "boolean", summary: "show the statements of the databases too" },
  },
  examples: [
    { command: "fairway shop order", meaning: "Buy something and see what happens" },
    { command: "fairway shop order --product compass --quantity 1000", meaning: "An order that cannot be fulfilled" },
  ],
  async run({ terminal, cwd }, { options }) {
    const { gateway, collector } = requireShop(findShopHome(cwd, options.folder));
    const client = new ShopClient(gateway);
    const { order, traceId, spans } = await terminal.progress("placing an order", async () => {
      const token = await client.newCustomer();
      const { id: productId } = chosen(await client.products(), options.product);
      const trace = randomBytes(16).toString("hex");
      const placed = await client.call<ShopOrder>("POST", "/orders", {
        token,
        body: { items: [{ productId, quantity: options.quantity ?? 1 }] },
        headers: {
          traceparent: `00-${trace}-${randomBytes(8).toString("hex")}-01`,
          "idempotency-key": randomBytes(12).toString("hex"),
        },
      });
      const decided = await client.untilDecided(placed.id, token);
      return { order: decided, traceId: trace, spans: await untilTraced(collector, trace) };
    });
    terminal.print({ order, traceId, spans }, (style) => {
      const what = order.items.map((item) => `${item.quantity} x ${item.name}`).join(", ");
      const price = `${(order.totalCents / 100).toFixed(2)} ${order.currency}`;
      const end = order.state === "confirmed" ? style.good("confirmed") : style.bad(`cancelled: ${order.reason ?? ""}`);
      const tree = traceTree(spans, { style, showDatabase: options.statements });
      return `${what}, ${price}: ${end}\norder ${order.id}, trace ${traceId}\n\n${tree}`;
    });
    return order.state === "confirmed" ? exitCode.ok : exitCode.problemsFound;
  },
});

function chosen(products: readonly ShopProduct[], wanted: string | undefined): ShopProduct {
  const fitting = products.filter(({ name }) => name.toLowerCase().includes((wanted ?? "").toLowerCase()));
  const found = fitting[Math.floor(Math.random() * fitting.length)];
  if (found) return found;
  throw new CliError("bad-usage", `no product is called ${wanted ?? "anything"}`, {
    hint: `there are ${products.map(({ name }) => name).join(", ")}`,
  });
}
