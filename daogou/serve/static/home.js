// The first view: what can be said here, the categories, what may please this shopper.

import * as api from "./api.js";
import { shelf } from "./cards.js";
import { fill, h } from "./dom.js";
import { examples, t } from "./i18n.js";
import { searchAddress } from "./route.js";

export async function showHome(main, still) {
  const [forYou, popular, browse] = await Promise.all([
    api.recommend("for_you"),
    api.recommend("popular"),
    api.search({ q: "", limit: 1 }),
  ]);
  if (!still()) return;
  const categories = browse.facets.find((facet) => facet.field === "category");
  const seen = new Set(forYou.hits.map((hit) => hit.product.id));
  const others = { ...popular, hits: popular.hits.filter((hit) => !seen.has(hit.product.id)) };
  fill(
    main,
    h("h1", { class: "welcome" }, t("welcome")),
    h(
      "section",
      { class: "examples", "aria-label": t("tryThese") },
      h("ul", { class: "chips" }, examples().map((text) => h("li", {}, h("a", { class: "chip", href: searchAddress({ q: text }) }, text)))),
    ),
    categories && categories.values.length > 0 && categoryList(categories.values),
    shelf(t("forYou"), forYou),
    shelf(t("popular"), others),
  );
}

/** The widest categories only: a path is joined with " > ". */
function categoryList(values) {
  const top = values.filter((one) => !one.value.includes(" > "));
  return h(
    "section",
    {},
    h("h2", {}, t("categories")),
    h(
      "ul",
      { class: "categories" },
      top.map((one) => h("li", {}, h("a", { href: searchAddress({ filters: [one.filter] }) }, one.label, h("span", { class: "muted" }, ` ${one.count}`)))),
    ),
  );
}
