// Starts the page: the frame once, then a view for every address.

import * as api from "./api.js";
import { loadCart, openCart } from "./cart.js";
import { buildChat, openChat, startAnew } from "./chat.js";
import { showBar } from "./compare.js";
import { byId, fill, h, toast } from "./dom.js";
import { showHome } from "./home.js";
import { language, setLanguage, t } from "./i18n.js";
import { showProduct } from "./product.js";
import { showResults } from "./results.js";
import { changed, current, onChange } from "./route.js";
import { buildSearchBox, showWords } from "./suggest.js";
import { forgetMe } from "./visitor.js";

let store = { name: "daogou", notice: "" };
let drawing = 0;

function buildFrame() {
  document.documentElement.lang = language();
  byId("skip").textContent = t("skip");
  byId("brand").textContent = store.name;
  byId("notice").textContent = store.notice;
  byId("notice").hidden = !store.notice;
  fill(
    byId("tools"),
    h("button", { type: "button", class: "plain", id: "language", lang: language() === "zh" ? "en" : "zh", "aria-label": t("switchLanguage"), onclick: switchLanguage }, t("otherLanguage")),
    h("button", { type: "button", class: "plain", id: "chat-button", onclick: openChat }, t("chat")),
    h(
      "button",
      { type: "button", class: "plain", id: "cart-button", "aria-label": t("cart"), onclick: openCart },
      t("cart"),
      h("span", { class: "badge", id: "cart-count", hidden: true }, "0"),
    ),
  );
  fill(
    byId("foot"),
    h("p", {}, t("anonymousNote"), " ", t("yourData"), ": ", h("button", { type: "button", class: "plain", onclick: download }, t("download")), " · ", h("button", { type: "button", class: "plain", id: "forget", onclick: forget }, t("forget"))),
  );
  buildSearchBox();
  buildChat();
  showBar();
}

function switchLanguage() {
  setLanguage(language() === "zh" ? "en" : "zh");
  buildFrame();
  loadCart();
  changed(false);
  byId("language").focus();
}

async function show(route, moved) {
  const mine = ++drawing;
  const still = () => mine === drawing; // a slower, older view must not overwrite a newer one
  const main = byId("main");
  main.setAttribute("aria-busy", "true");
  showWords(route.view === "search" ? route.wish.q : "");
  document.title = route.view === "search" && route.wish.q ? `${route.wish.q} – ${store.name}` : store.name;
  try {
    if (route.view === "search") await showResults(main, route.wish, still);
    else if (route.view === "product") await showProduct(main, route.id, still);
    else await showHome(main, still);
  } catch (failure) {
    if (still()) fill(main, problem(failure));
  }
  if (!still()) return;
  main.removeAttribute("aria-busy");
  if (moved) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
}

function problem(failure) {
  const missing = failure.status === 404;
  return h(
    "div",
    { class: "empty", role: "alert" },
    h("h1", {}, missing ? t("notFound") : t("failed")),
    h("p", {}, failure.message),
    missing ? h("a", { class: "button", href: "/" }, t("backHome")) : h("button", { type: "button", class: "button", onclick: () => changed(false) }, t("retry")),
  );
}

async function download() {
  try {
    const address = URL.createObjectURL(new Blob([JSON.stringify(await api.exportMe(), null, 2)], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "daogou-data.json";
    link.click();
    URL.revokeObjectURL(address);
  } catch (failure) {
    toast(failure.message);
  }
}

async function forget() {
  if (!confirm(t("forgetSure"))) return;
  try {
    await api.eraseMe();
    startAnew();
    forgetMe();
    loadCart();
    toast(t("forgotten"));
    changed(false);
  } catch (failure) {
    toast(failure.message);
  }
}

async function start() {
  fill(byId("main"), h("p", { class: "muted" }, t("loading")));
  try {
    store = await api.store();
  } catch {
    /* the views say what is wrong */
  }
  buildFrame();
  loadCart();
  onChange(show);
  show(current(), false);
}

start();
