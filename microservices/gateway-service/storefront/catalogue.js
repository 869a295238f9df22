import { addToCart } from "./cart.js";
import { byId, element, emblem, money } from "./element.js";
import { call } from "./interface.js";

const shown = { search: "", category: "", next: undefined };
let latest = 0;

export async function showCategories() {
  const { items } = await call("GET", "/categories");
  const chip = (slug, name) =>
    element(
      "button",
      {
        ariaPressed: String(shown.category === slug),
        onclick: () => {
          shown.category = slug;
          return Promise.all([showCategories(), showShelves()]);
        },
      },
      name,
    );
  byId("categories").replaceChildren(chip("", "Everything"), ...items.map((each) => chip(each.slug, each.name)));
}

export function searchFor(text) {
  shown.search = text.trim();
  return showShelves();
}

/** Of several searches while somebody types, the newest is shown, whichever answer comes last. */
export async function showShelves({ more = false } = {}) {
  const turn = ++latest;
  const query = new URLSearchParams({ limit: "24", sort: "name" });
  if (shown.search) query.set("search", shown.search);
  if (shown.category) query.set("category", shown.category);
  if (more && shown.next) query.set("cursor", shown.next);
  const page = await call("GET", `/products?${query}`);
  if (turn !== latest) return;
  shown.next = page.next;
  byId("more").hidden = page.next === undefined;
  const cards = page.items.map(card);
  const shelves = byId("shelves");
  if (more) shelves.append(...cards);
  else shelves.replaceChildren(...(cards.length > 0 ? cards : [nothing()]));
  await Promise.all(page.items.map(showStock));
}

function nothing() {
  return element("p", { className: "empty" }, `Nothing on the shelves for “${shown.search || shown.category}”.`);
}

function card(product) {
  const price = element("span", { className: "price" }, money(product.priceCents, product.currency));
  price.append(element("span", { className: "stock", id: `stock-${product.id}` }, "\u00a0"));
  return element(
    "article",
    { className: "card", dataset: { category: product.category } },
    element("div", { className: "emblem", ariaHidden: "true" }, emblem(product.emblem)),
    element("div", { className: "text" }, element("h3", {}, product.name), element("p", {}, product.description)),
    element(
      "div",
      { className: "buy" },
      price,
      element("button", { className: "strong", id: `add-${product.id}`, onclick: () => addToCart(product) }, "Add"),
    ),
  );
}

const fewLeft = 10;

async function showStock({ id }) {
  const place = document.getElementById(`stock-${id}`);
  try {
    const { available } = await call("GET", `/inventory/${id}`);
    if (!place) return;
    place.textContent = available <= 0 ? "sold out" : available < fewLeft ? `only ${available} left` : "in stock";
    place.classList.toggle("gone", available <= 0);
    const add = document.getElementById(`add-${id}`);
    if (add) add.disabled = available <= 0;
  } catch {
    // The goods can be looked at without knowing how many there are.
    if (place) place.textContent = "";
  }
}
