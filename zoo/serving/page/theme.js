// Light, dark, or as the system has it.

import { byId } from "./dom.js";
import { recall, remember } from "./preferences.js";

/** Wire the switch; `onChange` runs whenever the colours change. */
export function theme(onChange) {
  const choice = byId("theme");
  const apply = () => {
    document.documentElement.dataset.theme = choice.value;
    onChange();
  };
  choice.value = ["light", "dark"].includes(recall("theme")) ? recall("theme") : "auto";
  choice.addEventListener("change", () => {
    remember("theme", choice.value);
    apply();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
  apply();
}
