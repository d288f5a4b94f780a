// A product wherever it is shown small: on a shelf, in results, in the conversation.

import { record } from "./api.js";
import { addToCart } from "./cart.js";
import { isCompared, toggleCompared } from "./compare.js";
import { h, picture } from "./dom.js";
import { t } from "./i18n.js";
import { productAddress } from "./route.js";

const REASONS_SHOWN = 2;

export function price(product) {
  if (!product.price) return h("p", { class: "price muted" }, t("noPrice"));
  const before = product.list_price && product.list_price.amount !== product.price.amount ? product.list_price : null;
  return h(
    "p",
    { class: "price" },
    h("strong", {}, product.price.text),
    before && h("s", {}, h("span", { class: "hidden" }, `${t("was")} `), before.text),
  );
}

export function stars(rating) {
  if (!rating) return null;
  return h(
    "p",
    { class: "stars", role: "img", "aria-label": t("ratingOf", { value: rating.value, count: rating.count }) },
    h("span", { "aria-hidden": "true" }, `★ ${rating.value.toFixed(1)} (${rating.count})`),
  );
}

/** `list` names where it is shown (search, for_you, …), for the events. */
export function card(hit, list, { small = false } = {}) {
  const { product, reasons } = hit;
  const link = h(
    "a",
    {
      class: "card-link",
      href: productAddress(product.id),
      onclick: () => record("select_item", { list_id: list, items: [{ product_id: product.id, index: hit.rank - 1 }] }),
    },
    h("span", { class: "card-picture" }, picture(product.images[0], product.title)),
    h("span", { class: "card-title" }, product.title),
  );
  return h(
    "li",
    { class: small ? "card small" : "card", data: { product: product.id } },
    link,
    h("div", { class: "card-facts" }, price(product), stars(product.rating)),
    !product.buyable && h("p", { class: "sold-out" }, t("out_of_stock")),
    reasons.length > 0 && h("p", { class: "reason" }, reasons.slice(0, REASONS_SHOWN).map((one) => one.text).join(" · ")),
    !small && actions(product),
  );
}

function actions(product) {
  const box = h("input", { type: "checkbox", onchange: (event) => event.target.checked !== toggleCompared(product) && (event.target.checked = isCompared(product.id)) });
  box.checked = isCompared(product.id);
  box.dataset.compare = product.id;
  return h(
    "div",
    { class: "card-actions" },
    h("label", { class: "compare-box" }, box, t("compare")),
    product.variants.length > 0
      ? h("a", { class: "button quiet", href: productAddress(product.id) }, t("chooseVariant"))
      : h(
          "button",
          { type: "button", class: "button quiet", disabled: !product.buyable, onclick: () => addToCart(product, null, 1) },
          product.buyable ? t("addToCart") : t("out_of_stock"),
        ),
  );
}

/** A titled row of cards that scrolls sideways; null where there is nothing to show. */
export function shelf(title, view) {
  if (!view.hits.length) return null;
  return h(
    "section",
    { class: "shelf" },
    h("h2", {}, title),
    h("ul", { class: "row", tabindex: "0", "aria-label": title }, view.hits.map((hit) => card(hit, view.surface))),
  );
}
