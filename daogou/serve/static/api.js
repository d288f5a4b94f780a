// Calls to the server. A refusal becomes a Refused with the server's own words and next step.

import { language, t } from "./i18n.js";
import { sessionId, shopperId } from "./visitor.js";

export class Refused extends Error {
  constructor(status, detail) {
    super([detail.message, detail.next_step].filter(Boolean).join(" "));
    this.status = status;
    this.type = detail.type;
  }
}

async function call(method, path, body, { signal, keepalive } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      keepalive,
      headers: body === undefined ? { "accept-language": language() } : { "content-type": "application/json", "accept-language": language() },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Refused(0, { type: "Offline", message: t("offline") });
  }
  if (!response.ok) throw new Refused(response.status, await detailOf(response));
  return response;
}

async function detailOf(response) {
  try {
    return (await response.json()).error;
  } catch {
    return { type: "Unknown", message: `HTTP ${response.status}` };
  }
}

const json = async (...given) => (await call(...given)).json();

function query(values) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== "") params.append(name, one);
    }
  }
  return params.toString();
}

const reader = () => ({ language: language(), shopper_id: shopperId(), session_id: sessionId() });
const part = encodeURIComponent;

export const store = () => json("GET", "/v1/store");
export const search = (wish, options) => json("POST", "/v1/search", { ...reader(), ...wish }, options);
export const suggest = (q, options) => json("GET", `/v1/suggest?${query({ q, language: language() })}`, undefined, options);
export const recommend = (surface, values = {}) => json("GET", `/v1/recommend/${surface}?${query({ ...reader(), ...values })}`);
export const product = (id) => json("GET", `/v1/products/${part(id)}?${query({ language: language() })}`);
export const reviews = (id) => json("GET", `/v1/products/${part(id)}/reviews`);
export const answer = (question, productId) =>
  json("POST", "/v1/answer", { question, product_id: productId, language: language(), shopper_id: shopperId() });
export const cart = (id) => json("GET", `/v1/carts/${part(id)}?${query({ language: language() })}`);
export const putCart = (id, line) =>
  json("PUT", `/v1/carts/${part(id)}/items`, { ...line, shopper_id: shopperId(), language: language() });
export const exportMe = () => json("GET", `/v1/shoppers/${part(shopperId())}/export`);
export const eraseMe = () => json("DELETE", `/v1/shoppers/${part(shopperId())}`);

/** What the shopper did. It must never get in the way, so a failure is let go. */
export function record(name, details) {
  const event = { name, ...details };
  const body = { shopper_id: shopperId(), session_id: sessionId(), events: [event] };
  call("POST", "/v1/events", body, { keepalive: true }).catch(() => {});
}

/** One turn of the conversation: yields {text} pieces, then {turn}. Aborting the signal stops the guide. */
export async function* chat(said, signal) {
  const response = await call("POST", "/v1/chat", { ...reader(), ...said, stream: true }, { signal });
  for await (const event of events(response.body)) {
    const data = JSON.parse(event.data);
    if (event.name === "error") throw new Refused(500, data.error);
    yield data;
  }
}

async function* events(body) {
  const lines = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await lines.read();
    if (done) return;
    buffer += value;
    let end;
    while ((end = buffer.indexOf("\n\n")) >= 0) {
      const event = { name: "message", data: "" };
      for (const line of buffer.slice(0, end).split("\n")) {
        if (line.startsWith("event: ")) event.name = line.slice(7);
        if (line.startsWith("data: ")) event.data += line.slice(6);
      }
      buffer = buffer.slice(end + 2);
      if (event.data) yield event;
    }
  }
}
