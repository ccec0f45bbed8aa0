// Writing on from a beginning, token by token, until it ends or is stopped.

import { problemOfEvent, stream } from "./api.js";
import { byId, element } from "./dom.js";
import { count, say } from "./language.js";

/** Wire the form to `model`; `onProblem` gets what goes wrong, null when all is well again. */
export function generation(model, onProblem) {
  const form = byId("generation-form");
  if (!model) {
    form.hidden = true;
    return;
  }
  let running = null;
  const stop = () => running?.abort();
  byId("prompt").value ||= say("prompt_example");
  byId("stop").addEventListener("click", stop);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const settings = settingsOf();
    if (!settings) return;
    stop();
    const own = new AbortController();
    running = own;
    setRunning(true);
    try {
      await write({ model, ...settings }, own.signal);
      onProblem(null);
    } catch (error) {
      if (error.name !== "AbortError") onProblem(error);
      else if (own === running) byId("written-status").textContent = say("generation_stopped");
    } finally {
      if (own === running) setRunning(false);
    }
  });
}

function setRunning(running) {
  const hadFocus = document.activeElement === byId("stop");
  byId("stop").disabled = !running;
  byId("written").setAttribute("aria-busy", String(running));
  if (!running && hadFocus) byId("generate").focus();
}

/** The numbers of the form, or null after saying which is none. */
function settingsOf() {
  const fields = { temperature: "temperature", top_k: "top-k", seed: "seed" };
  const settings = { prompt: byId("prompt").value };
  for (const [name, id] of Object.entries(fields)) {
    const input = byId(id);
    const wrong = !input.validity.valid || input.value === "";
    input.setAttribute("aria-invalid", String(wrong));
    if (wrong) {
      const values = { field: say(name), low: input.min, high: input.max };
      byId("written-status").textContent = say("not_a_number", values);
      input.focus();
      return null;
    }
    settings[name] = input.valueAsNumber;
  }
  return settings;
}

async function write(body, signal) {
  const text = byId("written-text");
  const tokens = byId("written-tokens");
  byId("written").hidden = false;
  byId("written-status").textContent = "";
  text.textContent = body.prompt;
  tokens.replaceChildren();
  for await (const [event, data] of stream("v1/generate", body, signal)) {
    if (signal.aborted) throw new DOMException("stopped", "AbortError");
    if (event === "error") throw problemOfEvent(data);
    show(text, body.prompt, data.text);
    if (event === "token") tokens.append(element("li", {}, data.token));
  }
  byId("written-status").textContent = say("generation_end", { count: count(tokens.children.length) });
}

/** The beginning as it was, what was added marked. */
function show(box, prompt, whole) {
  const same = whole.startsWith(prompt) ? prompt.length : 0;
  box.replaceChildren(whole.slice(0, same), element("span", { class: "added" }, whole.slice(same)));
}
