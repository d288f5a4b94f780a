// Search results: what was understood (and can be taken back), facets, sorting, the products.

import * as api from "./api.js";
import { card } from "./cards.js";
import { fill, h, openDialog } from "./dom.js";
import { t } from "./i18n.js";
import { go, searchAddress } from "./route.js";

const PAGE = 24;
const SORTS = ["relevance", "price_asc", "price_desc", "newest", "rating"];
const VALUES_SHOWN = 8;

export async function showResults(main, wish, still) {
  const asked = { q: wish.q, filters: wish.filters, undo: wish.undo, limit: PAGE };
  if (wish.sort) asked.sort = wish.sort;
  const found = await api.search(asked);
  if (!still()) return;
  const heading = found.total === 1 ? t("oneResult") : t("results", { n: found.total });
  const list = h("ul", { class: "grid" }, found.hits.map((hit) => card(hit, "search")));
  fill(
    main,
    h("h1", { class: "hidden" }, wish.q || t("search")),
    chips(wish, found),
    found.relaxed.length > 0 && h("p", { class: "note" }, t("relaxed", { labels: found.relaxed.map((one) => one.label).join(", ") })),
    found.notes.map((note) => h("p", { class: "note" }, note)),
    h("div", { class: "results-head" }, h("p", { class: "count", role: "status" }, heading), tools(wish, found)),
    h(
      "div",
      { class: "results" },
      h("div", { class: "facets-side", role: "region", "aria-label": t("filters") }, facets(wish, found)),
      h(
        "div",
        {},
        found.hits.length ? list : h("div", { class: "empty" }, h("h2", {}, t("noResults")), h("p", {}, t("noResultsHint"))),
        moreButton(list, asked, found),
      ),
    ),
  );
}

function moreButton(list, asked, found) {
  if (found.total <= found.hits.length || !found.hits.length) return null;
  const button = h("button", { type: "button", class: "button quiet more" }, t("more"));
  button.onclick = async () => {
    button.disabled = true;
    try {
      const next = await api.search({ ...asked, offset: list.children.length, facets: false });
      const added = next.hits.map((hit) => card(hit, "search"));
      list.append(...added);
      added[0]?.querySelector("a").focus();
      if (!added.length || list.children.length >= found.total) button.remove();
    } catch (failure) {
      button.after(h("p", { class: "note", role: "alert" }, failure.message));
    }
    button.disabled = false;
  };
  return button;
}

// What was understood

function chips(wish, found) {
  const fromWords = found.plan.constraints.filter((one) => one.source);
  const labels = new Map(found.facets.flatMap((facet) => facet.values.map((one) => [one.filter, one.label])));
  const chosen = wish.filters.map((filter) => ({ filter, label: filterLabel(filter, labels) }));
  if (!fromWords.length && !chosen.length && !wish.undo.length) return null;
  const chip = (label, next, extra = "") =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: `chip${extra}`, "aria-label": t("takeBack", { label }), onclick: () => go(searchAddress(next)) },
        label,
        h("span", { "aria-hidden": "true" }, " ✕"),
      ),
    );
  return h(
    "section",
    { class: "understood", "aria-label": t("understood") },
    h("span", { class: "muted" }, t("understood")),
    h(
      "ul",
      { class: "chips" },
      fromWords.map((one) => chip(one.label, { ...wish, undo: [...wish.undo, one.key] }, one.negated ? " negated" : "")),
      chosen.map((one) => chip(one.label, { ...wish, filters: wish.filters.filter((filter) => filter !== one.filter) }, " chosen")),
      wish.undo.length > 0 &&
        h("li", {}, h("button", { type: "button", class: "plain", onclick: () => go(searchAddress({ ...wish, undo: [] })) }, t("restore"))),
    ),
  );
}

function filterLabel(filter, labels) {
  if (labels.has(filter)) return labels.get(filter);
  const [field, value] = split(filter);
  const name = field.replace(/^attr:/, "");
  return field === "price" ? `${t("price")} ${value.replace("..", " – ")}` : field === "category" || field === "brand" ? value : `${name}: ${value}`;
}

function split(filter) {
  const at = filter.indexOf("=");
  return [filter.slice(0, at), filter.slice(at + 1)];
}

// Sorting and facets

function tools(wish, found) {
  const select = h(
    "select",
    { id: "sort", onchange: (event) => go(searchAddress({ ...wish, sort: event.target.value })) },
    SORTS.map((one) => h("option", { value: one, selected: one === found.plan.sort }, t(`sort_${one}`))),
  );
  const open = () => {
    const dialog = openDialog(t("filters"), t("close"), facets(wish, found), { side: true });
    dialog.addEventListener("change", () => dialog.close());
    dialog.addEventListener("submit", () => dialog.close());
  };
  return h(
    "div",
    { class: "results-tools" },
    found.facets.length > 0 && h("button", { type: "button", class: "button quiet facets-button", id: "filters-button", onclick: open }, t("filters")),
    h("label", { class: "sort" }, t("sort"), " ", select),
  );
}

function facets(wish, found) {
  return [
    wish.filters.length > 0 &&
      h("button", { type: "button", class: "plain", onclick: () => go(searchAddress({ ...wish, filters: [] })) }, t("clearFilters")),
    found.facets.map((facet, place) => (facet.values.length ? valueFacet(wish, found, facet, place < 4) : facet.low !== null && rangeFacet(wish, facet))),
  ];
}

/** What ticking or clearing a value asks for. A value ticked by the words of the wish is cleared by taking those back. */
function toggled(wish, found, facet, one) {
  if (wish.filters.includes(one.filter)) return { ...wish, filters: wish.filters.filter((filter) => filter !== one.filter) };
  const understood = found.plan.constraints.find((plan) => plan.source && !plan.negated && plan.field === facet.field && plan.values.includes(one.value));
  if (understood) return { ...wish, undo: [...wish.undo, understood.key] };
  return { ...wish, filters: [...wish.filters, one.filter] };
}

function valueFacet(wish, found, facet, open) {
  const path = facet.field === "category"; // a path is joined with " > ": the last step, set in by its depth
  const boxes = facet.values.map((one) => {
    const depth = path ? one.value.split(" > ").length - 1 : 0;
    return h(
      "li",
      { class: depth ? `deep deep-${Math.min(depth, 3)}` : null },
      h(
        "label",
        {},
        h("input", { type: "checkbox", checked: one.selected || wish.filters.includes(one.filter), data: { filter: one.filter }, onchange: () => go(searchAddress(toggled(wish, found, facet, one))) }),
        h("span", { class: "facet-label" }, path ? one.label.split(" > ").pop() : one.label),
        h("span", { class: "muted" }, one.count),
      ),
    );
  });
  const rest = boxes.slice(VALUES_SHOWN);
  return h(
    "details",
    { class: "facet", open },
    h("summary", {}, facet.label),
    h("ul", {}, boxes.slice(0, VALUES_SHOWN)),
    rest.length > 0 && h("details", { class: "facet-rest" }, h("summary", {}, t("moreValues")), h("ul", {}, rest)),
  );
}

function rangeFacet(wish, facet) {
  const chosen = wish.filters.find((filter) => split(filter)[0] === facet.field);
  const [low, high] = chosen ? split(chosen)[1].split("..") : ["", ""];
  const box = (name, label, value, hint) =>
    h("label", {}, h("span", {}, label), h("input", { name, type: "number", min: "0", step: "any", inputmode: "decimal", value, placeholder: Number(hint) }));
  const apply = (event) => {
    event.preventDefault();
    const given = new FormData(event.target);
    const others = wish.filters.filter((filter) => split(filter)[0] !== facet.field);
    const [from, to] = [given.get("low"), given.get("high")];
    const range = from || to ? [`${facet.field}=${from}..${to}`] : [];
    go(searchAddress({ ...wish, filters: [...others, ...range] }));
  };
  return h(
    "details",
    { class: "facet", open: facet.field === "price" || Boolean(chosen) },
    h("summary", {}, facet.label),
    h(
      "form",
      { class: "range", onsubmit: apply },
      box("low", t("from"), low, facet.low),
      box("high", t("to"), high, facet.high),
      h("button", { class: "button quiet", type: "submit" }, t("apply")),
    ),
  );
}
