// The address is the state: `/`, `/?q=…&f=brand=Aoki&undo=…&sort=…`, `/p/ID`.

const listeners = [];

export function current() {
  const url = new URL(location.href);
  const product = url.pathname.match(/^\/p\/(.+)$/);
  if (product) return { view: "product", id: decodeURIComponent(product[1]) };
  const wish = {
    q: url.searchParams.get("q") || "",
    filters: url.searchParams.getAll("f"),
    undo: url.searchParams.getAll("undo"),
    sort: url.searchParams.get("sort") || "",
  };
  const asked = wish.q || wish.filters.length || wish.sort;
  return asked ? { view: "search", wish } : { view: "home" };
}

export function searchAddress({ q = "", filters = [], undo = [], sort = "" }) {
  const params = new URLSearchParams();
  if (q) params.set("q", q);
  filters.forEach((one) => params.append("f", one));
  undo.forEach((one) => params.append("undo", one));
  if (sort) params.set("sort", sort);
  const text = params.toString();
  return text ? `/?${text}` : "/";
}

export const productAddress = (id) => `/p/${encodeURIComponent(id)}`;

export function go(address) {
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
  changed(true);
}

export const onChange = (listener) => listeners.push(listener);

/** `moved` is true where the shopper asked to go, false for back and forward. */
export function changed(moved) {
  listeners.forEach((listener) => listener(current(), moved));
}

addEventListener("popstate", () => changed(false));

// Links inside the page change the view without loading the page again; with a modifier key they stay links.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/']");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (link.target || link.getAttribute("href").startsWith("/v1/")) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});
