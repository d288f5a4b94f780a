// The cart: a button with a count, and a drawer.

import * as api from "./api.js";
import { byId, fill, h, openDialog, picture, toast } from "./dom.js";
import { t } from "./i18n.js";
import { productAddress } from "./route.js";
import { cartId, setCartId } from "./visitor.js";

let cart = null;
let drawer = null;

export async function loadCart() {
  try {
    showCart(await api.cart(cartId()));
  } catch {
    cart = null; // the button stays without a count until the next call succeeds
  }
}

/** Takes a cart the server sent, also one the conversation changed. */
export function showCart(next) {
  if (next.id !== cartId()) setCartId(next.id);
  cart = next;
  const count = byId("cart-count");
  if (count) {
    count.textContent = String(cart.count);
    count.hidden = cart.count === 0;
    byId("cart-button").setAttribute("aria-label", t("cartCount", { n: cart.count }));
  }
  if (drawer) fill(drawer, content());
}

function quantityOf(productId, variantId) {
  const line = cart?.lines.find((one) => one.product_id === productId && (one.variant_id ?? null) === (variantId ?? null));
  return line ? line.quantity : 0;
}

export async function addToCart(product, variantId, quantity) {
  try {
    const line = { product_id: product.id, variant_id: variantId, quantity: quantityOf(product.id, variantId) + quantity };
    showCart(await api.putCart(cartId(), line));
    toast(t("added", { title: product.title }));
    api.record("add_to_cart", { items: [{ product_id: product.id, variant_id: variantId, quantity, price: product.price }] });
  } catch (failure) {
    toast(failure.message);
  }
}

async function setQuantity(line, quantity) {
  try {
    showCart(await api.putCart(cartId(), { product_id: line.product_id, variant_id: line.variant_id, quantity }));
    if (quantity < line.quantity) {
      api.record("remove_from_cart", { items: [{ product_id: line.product_id, variant_id: line.variant_id, quantity: line.quantity - quantity }] });
    }
  } catch (failure) {
    toast(failure.message);
  }
}

export function openCart() {
  drawer = h("div", {}, content());
  const dialog = openDialog(t("cart"), t("close"), drawer, { side: true, onclose: () => (drawer = null) });
  drawer.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
  loadCart();
}

function content() {
  if (!cart || !cart.lines.length) return h("p", { class: "muted" }, t("cartEmpty"));
  return [
    h("ul", { class: "lines" }, cart.lines.map(line)),
    cart.total && h("p", { class: "total" }, `${t("total")} `, h("strong", {}, cart.total.text)),
    h("p", { class: "muted" }, t("checkoutNote")),
  ];
}

function line(one) {
  const step = (label, sign, quantity) =>
    h("button", { type: "button", class: "step", "aria-label": `${label}: ${one.title}`, onclick: () => setQuantity(one, quantity) }, sign);
  return h(
    "li",
    { class: "line" },
    h("span", { class: "line-picture" }, picture(one.image, one.title)),
    h(
      "div",
      {},
      h("a", { href: productAddress(one.product_id) }, one.title),
      one.variant && h("p", { class: "muted" }, one.variant),
      !one.buyable && h("p", { class: "sold-out" }, t("out_of_stock")),
      h(
        "p",
        { class: "line-figures" },
        step(t("less"), "−", one.quantity - 1),
        h("span", { "aria-label": t("quantity") }, one.quantity),
        step(t("oneMore"), "+", one.quantity + 1),
        one.line_total && h("strong", {}, one.line_total.text),
      ),
      h("button", { type: "button", class: "plain", onclick: () => setQuantity(one, 0) }, t("remove")),
    ),
  );
}
