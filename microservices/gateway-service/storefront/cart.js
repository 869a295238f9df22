import { byId, element, emblem, money } from "./element.js";

const key = "cart";
const quantityMax = 20;
const lines = new Map(JSON.parse(localStorage.getItem(key) ?? "[]"));

export function addToCart(product) {
  const quantity = Math.min(quantityMax, (lines.get(product.id)?.quantity ?? 0) + 1);
  lines.set(product.id, { product, quantity });
  changed();
}

export function emptyCart() {
  lines.clear();
  changed();
}

/** What the order is made of. */
export function cartItems() {
  return [...lines.values()].map(({ product, quantity }) => ({ productId: product.id, quantity }));
}

function setQuantity(id, quantity) {
  const line = lines.get(id);
  if (!line) return;
  if (quantity <= 0) lines.delete(id);
  else lines.set(id, { ...line, quantity: Math.min(quantityMax, quantity) });
  changed();
}

function changed() {
  localStorage.setItem(key, JSON.stringify([...lines]));
  showCart();
}

export function showCart() {
  const all = [...lines.values()];
  const cents = all.reduce((sum, { product, quantity }) => sum + product.priceCents * quantity, 0);
  byId("cart-count").textContent = String(all.reduce((sum, { quantity }) => sum + quantity, 0));
  byId("cart-total").textContent = money(cents, all[0]?.product.currency ?? "EUR");
  byId("checkout").disabled = all.length === 0;
  const empty = element("p", { className: "empty" }, "Nothing in it yet.");
  byId("cart-lines").replaceChildren(...(all.length === 0 ? [empty] : all.map(cartLine)));
}

function cartLine({ product, quantity }) {
  const step = (text, label, by) =>
    element("button", { ariaLabel: label, onclick: () => setQuantity(product.id, quantity + by) }, text);
  return element(
    "div",
    { className: "line" },
    element("span", { className: "picture" }, emblem(product.emblem)),
    element(
      "div",
      {},
      element("b", {}, product.name),
      element("br"),
      element(
        "span",
        { className: "count" },
        step("−", `One ${product.name} less`, -1),
        String(quantity),
        step("+", `One ${product.name} more`, 1),
      ),
    ),
    element("span", { className: "price" }, money(product.priceCents * quantity, product.currency)),
  );
}
