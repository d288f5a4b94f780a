// Who is here: a random number kept in this browser, a session, a cart. No name, no cookie.

const IDLE_MS = 30 * 60 * 1000;

function random() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const inPage = new Map(); // stands in where the browser keeps nothing

export function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    /* storage is switched off or full */
  }
  if (value === null) inPage.delete(key);
  else inPage.set(key, value);
}

export function kept(key) {
  try {
    return localStorage.getItem(key) ?? inPage.get(key) ?? null;
  } catch {
    return inPage.get(key) ?? null;
  }
}

function once(key, make) {
  let value = kept(key);
  if (!value) {
    value = make();
    keep(key, value);
  }
  return value;
}

export const shopperId = () => once("daogou.shopper", () => `anon-${random()}`);

/** A session ends after half an hour without a call. */
export function sessionId() {
  const now = Date.now();
  const last = Number(kept("daogou.session.at") || 0);
  if (now - last > IDLE_MS) keep("daogou.session", `s-${random()}`);
  keep("daogou.session.at", String(now));
  return once("daogou.session", () => `s-${random()}`);
}

export const cartId = () => once("daogou.cart", () => `cart-${random()}`);
export const setCartId = (id) => keep("daogou.cart", id);

export function forgetMe() {
  for (const key of ["daogou.shopper", "daogou.session", "daogou.session.at", "daogou.cart", "daogou.chat"]) keep(key, null);
}
