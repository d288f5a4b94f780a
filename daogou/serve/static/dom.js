// Builds elements. Data only ever becomes text nodes and checked attributes, never markup.

const SAFE_ADDRESS = /^(https?:\/\/|\/(?!\/)|#)/;

/** h("a", {class: "x", href: "/p/1", onclick: f}, "text", child, …) -> element. null and false children are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value") element.value = value;
    else if (name === "href" || name === "src") {
      if (SAFE_ADDRESS.test(value)) element.setAttribute(name, value);
    } else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Puts new children in place of the old ones. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

export const byId = (id) => document.getElementById(id);

/** A short message that goes by itself and is read out. */
let fading;
export function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => box.classList.remove("shown"), 4000);
}

/** A picture, or the first letter of what it would show where there is none or it can not be loaded. */
export function picture(address, name, { eager = false, describe = false } = {}) {
  const letter = () => h("span", { class: "no-picture", "aria-hidden": "true" }, (name || "?").trim().slice(0, 1));
  if (!address) return letter();
  const image = h("img", { src: address, alt: describe ? name : "", loading: eager ? "eager" : "lazy", decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(letter()), { once: true });
  return image;
}

/** A drawer or window over the page: keyboard focus stays inside, Escape and the backdrop close it. */
export function openDialog(title, closeLabel, content, { side = false, onclose } = {}) {
  const heading = h("h2", { id: `dialog-${Date.now()}` }, title);
  const dialog = h(
    "dialog",
    { class: side ? "dialog side" : "dialog", "aria-labelledby": heading.id },
    h(
      "div",
      { class: "dialog-head" },
      heading,
      h("button", { type: "button", class: "plain", "aria-label": closeLabel, onclick: () => dialog.close() }, "✕"),
    ),
    h("div", { class: "dialog-body" }, content),
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (onclose) onclose();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
