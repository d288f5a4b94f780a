// Side by side: choose two to four products, see one table made from their records.

import { byId, fill, h, openDialog, picture, toast } from "./dom.js";
import { t } from "./i18n.js";
import { productAddress } from "./route.js";

const MOST = 4;
const chosen = new Map();

export const isCompared = (id) => chosen.has(id);

/** Adds or takes away a product; gives back whether it is chosen now. */
export function toggleCompared(product) {
  if (chosen.has(product.id)) chosen.delete(product.id);
  else if (chosen.size >= MOST) toast(t("compareMost"));
  else chosen.set(product.id, product);
  showBar();
  return chosen.has(product.id);
}

export function showBar() {
  const bar = byId("compare-bar");
  bar.hidden = chosen.size === 0;
  fill(
    bar,
    h("span", {}, [...chosen.values()].map((one) => one.title).join(" · ")),
    h("button", { type: "button", class: "button", disabled: chosen.size < 2, onclick: open }, t("compareN", { n: chosen.size })),
    h("button", { type: "button", class: "button quiet", onclick: clear }, t("clear")),
  );
}

function clear() {
  chosen.clear();
  document.querySelectorAll("input[data-compare]").forEach((box) => (box.checked = false));
  showBar();
}

function open() {
  const products = [...chosen.values()];
  const dialog = openDialog(t("compare"), t("close"), table(products, rowsOf(products)));
  dialog.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
}

function rowsOf(products) {
  const names = [...new Set(products.flatMap((one) => Object.keys(one.attributes)))];
  const rows = [
    { label: t("price"), values: products.map((one) => one.price?.text || "") },
    { label: t("brand"), values: products.map((one) => one.brand) },
    { label: t("rating"), values: products.map((one) => (one.rating ? `★ ${one.rating.value.toFixed(1)} (${one.rating.count})` : "")) },
    ...names.map((name) => ({ label: name, values: products.map((one) => (one.attributes[name] || []).join(", ")) })),
  ];
  return rows.filter((row) => row.values.some((value) => value));
}

/** The table, also for a comparison the guide made. Rows that differ stand out. */
export function table(products, rows) {
  return h(
    "div",
    { class: "table-box", tabindex: "0", role: "region", "aria-label": t("compare") },
    h(
      "table",
      { class: "compare" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, t("product")),
          products.map((one) =>
            h("th", { scope: "col" }, h("span", { class: "compare-picture" }, picture(one.images[0], one.title)), h("a", { href: productAddress(one.id) }, one.title)),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            { class: new Set(row.values).size > 1 ? "differs" : null },
            h("th", { scope: "row" }, row.label),
            row.values.map((value) => h("td", {}, value || "—")),
          ),
        ),
      ),
    ),
  );
}
