// The conversation beside the page: streamed words, product cards, answers to tap.

import * as api from "./api.js";
import { card } from "./cards.js";
import { showCart } from "./cart.js";
import { table } from "./compare.js";
import { byId, fill, h } from "./dom.js";
import { t } from "./i18n.js";
import { evidence } from "./product.js";
import { current } from "./route.js";
import { cartId, keep, kept } from "./visitor.js";

const SHOWN = 4;
const KEPT_TURNS = 20;
const PHONE = matchMedia("(max-width: 1099px)");
let said = recall(); // [{role, text, turn?}], kept in this browser so that a reload does not lose it
let conversation = said.findLast((one) => one.turn)?.turn.conversation_id ?? null;
let running = null;
let log;

function recall() {
  try {
    return JSON.parse(kept("daogou.chat") || "[]");
  } catch {
    return [];
  }
}

function remember() {
  said = said.slice(-KEPT_TURNS);
  keep("daogou.chat", JSON.stringify(said));
}

export function buildChat() {
  const panel = byId("chat");
  panel.setAttribute("aria-label", t("chatTitle"));
  log = h("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0", "aria-label": t("chatTitle") });
  const input = h("textarea", {
    id: "say",
    rows: "1",
    maxlength: "2000",
    "aria-label": t("chatHint"),
    placeholder: t("chatHint"),
    onkeydown: (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        event.target.form.requestSubmit();
      }
    },
  });
  const form = h(
    "form",
    {
      class: "say",
      onsubmit: (event) => {
        event.preventDefault();
        const text = input.value.trim();
        if (running) return running.abort();
        if (text) {
          input.value = "";
          say(text);
        }
        return undefined;
      },
    },
    input,
    h("button", { class: "button", type: "submit", id: "send" }, t("send")),
  );
  fill(
    panel,
    h(
      "div",
      { class: "chat-head" },
      h("h2", {}, t("chatTitle")),
      h("button", { type: "button", class: "plain", onclick: startAnew }, t("newChat")),
      h("button", { type: "button", class: "plain chat-close", "aria-label": t("close"), onclick: closeChat }, "✕"),
    ),
    log,
    form,
  );
  redraw();
}

function redraw() {
  fill(log, h("p", { class: "bubble guide" }, t("chatHello")));
  said.forEach((one) => log.append(one.role === "shopper" ? bubble("shopper", one.text) : reply(one.text, one.turn)));
  down();
}

export function startAnew() {
  running?.abort();
  said = [];
  conversation = null;
  remember();
  redraw();
}

export function openChat() {
  byId("chat").classList.add("open");
  byId("main").inert = PHONE.matches;
  document.addEventListener("keydown", onEscape);
  byId("say").focus();
  down();
}

export function closeChat() {
  byId("chat").classList.remove("open");
  byId("main").inert = false;
  document.removeEventListener("keydown", onEscape);
  byId("chat-button")?.focus();
}

function onEscape(event) {
  if (event.key === "Escape") closeChat();
}

const bubble = (who, text) => h("p", { class: `bubble ${who}` }, text);
const down = () => (log.scrollTop = log.scrollHeight);

async function say(text) {
  log.querySelectorAll(".suggestions").forEach((one) => one.remove());
  log.append(bubble("shopper", text));
  said.push({ role: "shopper", text });
  const waiting = bubble("guide", t("thinking"));
  waiting.classList.add("waiting");
  log.append(waiting);
  down();
  running = new AbortController();
  byId("send").textContent = t("stop");
  const route = current();
  let words = "";
  let turn = null;
  try {
    const pieces = api.chat(
      { text, conversation_id: conversation, cart_id: cartId(), product_id: route.view === "product" ? route.id : null, language: null },
      running.signal,
    );
    for await (const piece of pieces) {
      if (piece.text) {
        words += piece.text;
        waiting.classList.remove("waiting");
        waiting.textContent = words;
      }
      if (piece.turn) turn = piece.turn;
      down();
    }
  } catch (failure) {
    words = failure.name === "AbortError" ? `${words} ${t("stopped")}` : `${t("failed")}: ${failure.message}`;
  }
  running = null;
  byId("send").textContent = t("send");
  if (turn) conversation = turn.conversation_id;
  said.push({ role: "guide", text: turn ? turn.text : words, turn });
  remember();
  const box = reply(turn ? turn.text : words, turn);
  waiting.replaceWith(box);
  if (turn?.cart) showCart(turn.cart);
  // A long reply is read from its beginning.
  log.scrollTop = Math.min(log.scrollHeight, box.offsetTop - log.offsetTop - 8);
}

function reply(text, turn) {
  const box = h("div", { class: "reply" }, bubble("guide", text));
  if (!turn) return box;
  const compared = turn.comparison;
  if (compared && compared.products.length > 1) box.append(table(compared.products, compared.rows));
  else if (turn.hits.length) {
    box.append(h("ul", { class: "chat-cards" }, turn.hits.slice(0, SHOWN).map((hit) => card(hit, "chat", { small: true }))));
    if (turn.hits.length > SHOWN) {
      const rest = h("ul", { class: "chat-cards" }, turn.hits.slice(SHOWN).map((hit) => card(hit, "chat", { small: true })));
      box.append(h("details", {}, h("summary", {}, t("moreShown", { n: turn.hits.length - SHOWN })), rest));
    }
  }
  if (turn.answer) box.append(...[evidence(turn.answer)].filter(Boolean));
  turn.notes.forEach((note) => box.append(h("p", { class: "note" }, note)));
  if (turn.suggestions.length) {
    box.append(
      h(
        "ul",
        { class: "chips suggestions" },
        turn.suggestions.map((one) => h("li", {}, h("button", { type: "button", class: "chip", onclick: () => !running && say(one.text) }, one.label))),
      ),
    );
  }
  return box;
}

// A card tapped on a phone leads to the product, so the conversation steps aside.
document.addEventListener("click", (event) => {
  if (PHONE.matches && event.target.closest?.("#chat a[href^='/p/']")) closeChat();
});
