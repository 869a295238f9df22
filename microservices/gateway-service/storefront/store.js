import { byId, element } from "./element.js";
import { call, onAnswer, session, ShopError } from "./interface.js";
import { cartItems, emptyCart, showCart } from "./cart.js";
import { searchFor, showCategories, showShelves } from "./catalogue.js";
import { showOrders } from "./orders.js";

const cart = byId("cart");
const account = byId("account");
const orders = byId("orders");

function showAccount() {
  const email = session.read()?.email;
  byId("account-button").textContent = email ? `Sign out ${email.split("@")[0]}` : "Sign in";
  byId("orders-button").hidden = !email;
}

async function signIn(event) {
  event.preventDefault();
  const body = { email: byId("email").value, password: byId("password").value };
  byId("account-error").textContent = "";
  try {
    if (event.submitter?.value === "register") await call("POST", "/auth/register", { body });
    session.write({ ...(await call("POST", "/auth/login", { body })), email: body.email });
    byId("password").value = "";
    account.close("signed in");
  } catch (error) {
    byId("account-error").textContent = messageOf(error);
  }
  showAccount();
}

async function signOut() {
  const { refreshToken } = session.read();
  session.write(undefined);
  showAccount();
  await call("POST", "/auth/logout", { body: { refreshToken } }).catch(() => undefined);
}

/** One key for one cart: pressing twice, or again after an answer that got lost, makes one order. */
let orderKey = crypto.randomUUID();

async function placeOrder() {
  if (!session.read()) {
    account.showModal();
    account.addEventListener("close", () => account.returnValue === "signed in" && placeOrder(), { once: true });
    return;
  }
  const button = byId("checkout");
  button.disabled = true;
  byId("cart-error").textContent = "";
  try {
    await call("POST", "/orders", { body: { items: cartItems() }, headers: { "idempotency-key": orderKey } });
    orderKey = crypto.randomUUID();
    emptyCart();
    cart.close();
    orders.showModal();
    await showOrders();
  } catch (error) {
    if (error instanceof ShopError && error.status < 500) orderKey = crypto.randomUUID();
    byId("cart-error").textContent = messageOf(error);
    button.disabled = false;
  }
}

function messageOf(error) {
  return error instanceof ShopError ? error.message : "The shop cannot be reached. Is there a net?";
}

function showProblem(error) {
  byId("shelves").replaceChildren(element("p", { className: "empty" }, messageOf(error)));
}

onAnswer((versions, trace) => {
  const named = [...versions].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, version]) => `${name} ${version}`);
  byId("answers").replaceChildren(...named.map((each) => element("li", {}, each)));
  byId("answers-short").textContent = named.length === 0 ? "" : `${named.length} services`;
  byId("trace").textContent = trace;
});

let typing;
byId("search").addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => searchFor(event.target.value).catch(showProblem), 150);
});
byId("search-form").addEventListener("submit", (event) => event.preventDefault());
byId("more").addEventListener("click", () => showShelves({ more: true }).catch(showProblem));
byId("cart-button").addEventListener("click", () => cart.showModal());
byId("checkout").addEventListener("click", placeOrder);
byId("account-form").addEventListener("submit", signIn);
byId("account-button").addEventListener("click", () => (session.read() ? signOut() : account.showModal()));
byId("orders-button").addEventListener("click", () => {
  orders.showModal();
  return showOrders();
});
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

showAccount();
showCart();
await Promise.all([showCategories(), showShelves()]).catch(showProblem);
