// One product: pictures, options, details, a question, reviews, and two shelves.

import * as api from "./api.js";
import { price, shelf, stars } from "./cards.js";
import { addToCart } from "./cart.js";
import { fill, h, picture } from "./dom.js";
import { language, t } from "./i18n.js";
import { searchAddress } from "./route.js";

export async function showProduct(main, id, still) {
  const product = await api.product(id);
  if (!still()) return;
  document.title = product.title;
  api.record("view_item", { items: [{ product_id: product.id, price: product.price }] });
  const reviews = h("section", { class: "reviews" });
  const shelves = h("div", {});
  fill(
    main,
    crumbs(product),
    h("article", { class: "product" }, gallery(product), h("div", { class: "buy" }, facts(product))),
    h("div", { class: "about" }, details(product), question(product)),
    reviews,
    shelves,
  );
  // The parts below come when they come; one that fails leaves the rest.
  showReviews(reviews, id);
  const [similar, together] = await Promise.allSettled([
    api.recommend("similar", { product_id: id }),
    api.recommend("together", { product_id: id }),
  ]);
  if (!still()) return;
  fill(
    shelves,
    together.status === "fulfilled" && shelf(t("together"), together.value),
    similar.status === "fulfilled" && shelf(t("similar"), similar.value),
  );
}

function crumbs(product) {
  const steps = product.category.map((name, depth) => [name, product.category.slice(0, depth + 1).join(" > ")]);
  return h(
    "nav",
    { class: "crumbs", "aria-label": t("categories") },
    h("a", { href: "/" }, t("home")),
    steps.map(([name, path]) => [" › ", h("a", { href: searchAddress({ filters: [`category=${path}`] }) }, name)]),
  );
}

function gallery(product) {
  const large = h("div", { class: "large" }, picture(product.images[0], product.title, { eager: true, describe: true }));
  const thumbs = product.images.map((address, place) =>
    h(
      "button",
      {
        type: "button",
        class: "thumb",
        "aria-label": t("pictureN", { n: place + 1 }),
        onclick: () => fill(large, picture(address, product.title, { eager: true, describe: true })),
      },
      picture(address, product.title),
    ),
  );
  return h("div", { class: "gallery" }, large, thumbs.length > 1 && h("div", { class: "thumbs" }, thumbs));
}

function facts(product) {
  const priceBox = h("div", { class: "buy-price" }, price(product));
  const stock = h("p", { class: product.buyable ? "stock" : "sold-out" }, t(product.buyable ? product.availability : "out_of_stock"));
  const button = h("button", { class: "button large-button", type: "submit", id: "add" }, t("addToCart"));
  const quantity = h("input", { type: "number", name: "quantity", min: "1", max: "99", value: "1", inputmode: "numeric" });
  const show = (variant) => {
    const sold = variant ? variant.availability === "out_of_stock" || variant.stock === 0 : !product.buyable;
    fill(priceBox, price(variant?.price ? variant : product));
    stock.textContent = t(sold ? "out_of_stock" : variant ? variant.availability : product.availability);
    stock.className = sold ? "sold-out" : "stock";
    button.disabled = sold;
  };
  const options = variantChoice(product, show);
  const add = (event) => {
    event.preventDefault();
    const given = new FormData(event.target);
    const variant = product.variants.find((one) => one.id === given.get("variant"));
    const priced = variant?.price ? { ...product, price: variant.price } : product;
    addToCart(priced, variant?.id ?? null, Number(given.get("quantity")) || 1);
  };
  button.disabled = !product.buyable;
  return [
    h("h1", {}, product.title),
    product.brand && h("p", { class: "muted" }, h("a", { href: searchAddress({ filters: [`brand=${product.brand}`] }) }, product.brand)),
    stars(product.rating),
    priceBox,
    stock,
    h("form", { onsubmit: add }, options, h("div", { class: "buy-row" }, h("label", {}, t("quantity"), " ", quantity), button)),
    product.link && h("p", {}, h("a", { href: product.link, rel: "noopener noreferrer", target: "_blank" }, t("atShop"))),
  ];
}

function variantChoice(product, show) {
  if (!product.variants.length) return null;
  return h(
    "fieldset",
    { class: "variants" },
    h("legend", {}, t("variant")),
    product.variants.map((one) => {
      const sold = one.availability === "out_of_stock" || one.stock === 0;
      const name = one.title || Object.values(one.attributes).flat().join(" / ") || one.id;
      return h(
        "label",
        { class: sold ? "variant sold" : "variant" },
        h("input", { type: "radio", name: "variant", value: one.id, required: true, disabled: sold, onchange: () => show(one) }),
        h("span", {}, name, sold && h("span", { class: "hidden" }, ` (${t("out_of_stock")})`)),
      );
    }),
  );
}

function details(product) {
  const rows = Object.entries(product.attributes);
  return h(
    "section",
    {},
    product.description && [h("h2", {}, t("description")), product.description.split(/\n+/).map((one) => h("p", {}, one))],
    rows.length > 0 && [
      h("h2", {}, t("details")),
      h("dl", { class: "attributes" }, rows.map(([name, values]) => h("div", {}, h("dt", {}, name), h("dd", {}, values.join(", "))))),
    ],
  );
}

function question(product) {
  const out = h("div", { class: "answer", "aria-live": "polite" });
  const input = h("input", { id: "question", name: "question", maxlength: "500", required: true, placeholder: t("askHint"), autocomplete: "off" });
  const ask = async (event) => {
    event.preventDefault();
    fill(out, h("p", { class: "muted" }, t("thinking")));
    try {
      fill(out, answerBox(await api.answer(input.value, product.id)));
    } catch (failure) {
      fill(out, h("p", { class: "note", role: "alert" }, failure.message));
    }
  };
  return h(
    "section",
    { class: "question" },
    h("h2", {}, h("label", { for: "question" }, t("askProduct"))),
    h("form", { onsubmit: ask }, input, h("button", { class: "button", type: "submit" }, t("ask"))),
    out,
  );
}

/** An answer and, folded, what it rests on. */
export function answerBox(answer) {
  return [
    h("p", { class: answer.known ? "answer-text" : "answer-text unknown" }, answer.text || t("notKnown")),
    evidence(answer),
  ];
}

export function evidence(answer) {
  if (!answer.evidence.length) return null;
  return h(
    "details",
    { class: "evidence" },
    h("summary", {}, t("restsOn", { n: answer.evidence.length })),
    h("ul", {}, answer.evidence.map((one) => h("li", {}, one.text))),
  );
}

async function showReviews(box, id) {
  let listed;
  try {
    listed = (await api.reviews(id)).reviews;
  } catch {
    return; // the product stands without its reviews
  }
  const one = (review) =>
    h(
      "li",
      {},
      h(
        "p",
        { class: "review-head" },
        review.rating !== null && h("span", { class: "stars", role: "img", "aria-label": t("ratingOf", { value: review.rating, count: 1 }) }, `★ ${review.rating}`),
        h("span", { class: "muted" }, ` ${review.author || t("anonymous")}`),
        review.time && h("span", { class: "muted" }, ` · ${new Date(review.time).toLocaleDateString(language())}`),
      ),
      review.title && h("p", {}, h("strong", {}, review.title)),
      h("p", { lang: review.language }, review.text),
    );
  fill(box, h("h2", {}, t("reviews")), listed.length ? h("ul", { class: "review-list" }, listed.map(one)) : h("p", { class: "muted" }, t("noReviews")));
}
