// The search box: a combobox with suggestions, usable by keyboard.
// Pattern: WAI-ARIA Authoring Practices, "Editable Combobox With List Autocomplete".

import * as api from "./api.js";
import { byId, fill, h } from "./dom.js";
import { t } from "./i18n.js";
import { current, go, searchAddress } from "./route.js";

const WAIT_MS = 120;
let asking = null;
let waiting = 0;
let active = -1;

export function buildSearchBox() {
  const route = current();
  const input = h("input", {
    id: "q",
    name: "q",
    type: "search",
    maxlength: "500",
    autocomplete: "off",
    role: "combobox",
    "aria-label": t("search"),
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "suggestions",
    placeholder: t("searchHint"),
    value: route.view === "search" ? route.wish.q : "",
    oninput: later,
    onkeydown: onKey,
    onblur: () => setTimeout(close, 150),
  });
  const list = h("ul", { id: "suggestions", role: "listbox", "aria-label": t("suggestions"), hidden: true });
  const form = byId("search");
  fill(form, input, h("button", { class: "button", type: "submit" }, t("search")), list);
  form.onsubmit = (event) => {
    event.preventDefault();
    submit(input.value);
  };
}

export function showWords(text) {
  const input = byId("q");
  if (input && document.activeElement !== input) input.value = text;
}

function submit(text) {
  close();
  const q = text.trim();
  if (!q) return go("/");
  byId("q").value = q;
  byId("q").blur();
  api.record("search", { search_term: q });
  go(searchAddress({ q }));
}

function later(event) {
  clearTimeout(waiting);
  asking?.abort();
  const text = event.target.value.trim();
  if (!text) return close();
  waiting = setTimeout(() => ask(text), WAIT_MS);
}

async function ask(text) {
  asking = new AbortController();
  try {
    show((await api.suggest(text, { signal: asking.signal })).suggestions);
  } catch {
    close(); // suggestions are a help; without them the box still searches
  }
}

function show(suggestions) {
  active = -1;
  const list = byId("suggestions");
  const open = suggestions.length > 0 && document.activeElement === byId("q");
  fill(
    list,
    suggestions.map((text, place) =>
      h("li", { id: `suggestion-${place}`, role: "option", "aria-selected": "false", onmousedown: (event) => (event.preventDefault(), submit(text)) }, text),
    ),
  );
  list.hidden = !open;
  byId("q").setAttribute("aria-expanded", String(open));
}

function close() {
  clearTimeout(waiting);
  asking?.abort();
  const list = byId("suggestions");
  if (!list) return;
  list.hidden = true;
  byId("q").setAttribute("aria-expanded", "false");
  byId("q").removeAttribute("aria-activedescendant");
  active = -1;
}

function onKey(event) {
  const options = [...byId("suggestions").children];
  if (event.key === "Escape") return close();
  if (event.key === "Enter" && active >= 0 && options[active]) {
    event.preventDefault();
    return submit(options[active].textContent);
  }
  if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || byId("suggestions").hidden) return undefined;
  event.preventDefault();
  const step = event.key === "ArrowDown" ? 1 : -1;
  active = (active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length;
  options.forEach((one, place) => one.setAttribute("aria-selected", String(place === active)));
  byId("q").setAttribute("aria-activedescendant", options[active].id);
  options[active].scrollIntoView({ block: "nearest" });
  return undefined;
}
