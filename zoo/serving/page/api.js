// Asking the server: JSON answers, streamed events, and every failure as one `Problem`.

const KEY = "koprep-api-key";

/** What went wrong, in the terms of the page: a `kind` and what the server said about it. */
export class Problem extends Error {
  constructor(kind, { detail = "", detailKo = "", seconds = 2 } = {}) {
    super(detail || kind);
    this.kind = kind;
    this.detail = detail;
    this.detailKo = detailKo;
    this.seconds = seconds;
  }
}

export function useKey(key) {
  sessionStorage.setItem(KEY, key);
}

function headers() {
  const key = sessionStorage.getItem(KEY);
  return { "Content-Type": "application/json", ...(key ? { "X-API-Key": key } : {}) };
}

/** Half of a surrogate pair is no text that UTF-8 can carry: it becomes U+FFFD. */
function wellFormed(key, value) {
  return typeof value === "string" ? value.toWellFormed() : value;
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: headers() });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("offline");
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function problemOf(response) {
  const said = (await response.json().catch(() => null)) ?? {};
  const facts = { detail: said.detail ?? said.title ?? "", detailKo: said.detail_ko ?? "" };
  if (response.status === 503 || response.status === 429) {
    const seconds = Number(response.headers.get("Retry-After")) || 2;
    return new Problem("busy", { ...facts, seconds });
  }
  if (response.status === 401) return new Problem("key", facts);
  if (response.status === 413) return new Problem("too_long", facts);
  return new Problem(response.status < 500 ? "refused" : "broken", facts);
}

async function jsonOf(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("broken");
  }
}

export async function ask(path, signal) {
  return jsonOf(await request(path, { signal }));
}

export async function post(path, body, signal) {
  const options = { method: "POST", body: JSON.stringify(body, wellFormed), signal };
  return jsonOf(await request(path, options));
}

/** Yield [event, data] of a text/event-stream answer as they come. */
export async function* stream(path, body, signal) {
  const options = { method: "POST", body: JSON.stringify(body, wellFormed), signal };
  const response = await request(path, options);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem("offline");
    }
    if (part.done) return;
    buffer += part.value.replaceAll("\r\n", "\n");
    const blocks = buffer.split("\n\n");
    buffer = blocks.pop();
    for (const block of blocks) {
      const event = eventOf(block);
      if (event) yield event;
    }
  }
}

function eventOf(block) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).trim());
  }
  return data.length ? [name, JSON.parse(data.join("\n"))] : null;
}

/** An `error` event of a stream, as a Problem. */
export function problemOfEvent(data) {
  const kind = data.status === 503 ? "busy" : data.status < 500 ? "refused" : "broken";
  return new Problem(kind, { detail: data.detail ?? "", detailKo: data.detail_ko ?? "" });
}
