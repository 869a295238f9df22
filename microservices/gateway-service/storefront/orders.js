import { byId, element, money } from "./element.js";
import { call } from "./interface.js";

/** The way of an order that goes well, and what a customer calls each step. */
const steps = { pending: "placed", reserved: "goods kept", invoiced: "invoiced", confirmed: "paid" };
const endings = new Set(["confirmed", "cancelled"]);
const pauseMs = 700;
const looksMax = 120;

export function isOver(order) {
  return endings.has(order.state);
}

export async function showOrders() {
  const { items } = await call("GET", "/orders");
  const list = byId("order-list");
  const none = element("p", { className: "empty" }, "You have not ordered anything yet.");
  list.replaceChildren(...(items.length === 0 ? [none] : items.map(orderCard)));
  await Promise.all(items.filter((order) => !isOver(order)).map(follow));
}

/** Looks again until the order has ended or nobody looks any more. */
async function follow({ id }) {
  for (let look = 0; look < looksMax && byId("orders").open; look++) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const order = await call("GET", `/orders/${id}`);
    document.getElementById(`order-${id}`)?.replaceWith(orderCard(order));
    if (isOver(order)) return;
  }
}

function orderCard(order) {
  const goods = order.items.map(({ name, quantity }) => (quantity === 1 ? name : `${quantity} × ${name}`));
  const placed = order.createdAt ? new Date(order.createdAt).toLocaleString() : "";
  const card = element(
    "article",
    { className: "order", id: `order-${order.id}`, dataset: { state: order.state } },
    element(
      "header",
      {},
      element("span", { className: "goods" }, goods.join(" · ")),
      element("span", { className: "price" }, money(order.totalCents, order.currency)),
    ),
    timeline(order),
    element(
      "small",
      { title: `order ${order.id}` },
      [placed, `order …${order.id.slice(-8)}`, order.reason ?? ""].filter((each) => each !== "").join(" · "),
    ),
  );
  if (!isOver(order)) card.append(element("div", {}, cancelButton(order)));
  return card;
}

function timeline(order) {
  if (order.state === "cancelled") {
    const placed = element("li", { className: "done" }, steps.pending);
    return element("ol", { className: "steps" }, placed, element("li", { className: "failed" }, "cancelled"));
  }
  const at = Object.keys(steps).indexOf(order.state);
  const kind = (index) => (index < at || isOver(order) ? "done" : index === at ? "now" : "");
  const points = Object.values(steps).map((name, index) => element("li", { className: kind(index) }, name));
  return element("ol", { className: "steps" }, ...points);
}

function cancelButton({ id }) {
  const cancel = async (event) => {
    event.target.disabled = true;
    await call("POST", `/orders/${id}/cancel`).catch(() => undefined);
    await showOrders();
  };
  return element("button", { className: "quiet", onclick: cancel }, "Cancel");
}
