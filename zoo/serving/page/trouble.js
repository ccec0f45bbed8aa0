// One friendly sentence for whatever went wrong, with a way on.

import { Problem, useKey } from "./api.js";
import { byId, element } from "./dom.js";
import { currentLanguage, say } from "./language.js";

/** Say what `error` means; `retry` is what the button does. */
export function showTrouble(error, retry) {
  if (!(error instanceof Problem)) throw error;
  byId("trouble").replaceChildren(
    element("p", {}, sentence(error)),
    error.kind === "key"
      ? keyForm(retry)
      : element("button", { type: "button", on: { click: retry } }, say("retry")),
  );
}

export function clearTrouble() {
  byId("trouble").replaceChildren();
}

function sentence({ kind, seconds, detail, detailKo }) {
  const told = (currentLanguage() === "ko" && detailKo) || detail;
  return say(`error_${kind}`, { seconds, detail: told });
}

function keyForm(retry) {
  const input = element("input", {
    type: "password",
    id: "api-key",
    autocomplete: "off",
    required: true,
    pattern: "[\\x21-\\x7e]+", // what a header can carry
  });
  const form = element(
    "form",
    { class: "controls" },
    element("label", {}, element("span", {}, say("api_key")), input),
    element("button", { type: "submit" }, say("use_key")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    useKey(input.value);
    retry();
  });
  return form;
}
