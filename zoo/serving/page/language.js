// The language of the page: `say` finds the words, `applyLanguage` fills the document.

import { STRINGS } from "./strings.js";

export const LANGUAGES = ["ko", "en"];
let language = "ko";

export function currentLanguage() {
  return language;
}

export function setLanguage(name) {
  language = LANGUAGES.includes(name) ? name : "ko";
  applyLanguage();
}

/** The words under `key` in the page's language, with {name} filled from `values`. */
export function say(key, values = {}) {
  return STRINGS[key][language].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** The words under `prefix + name` where the table has them, else `name` itself. */
export function sayName(prefix, name) {
  return Object.hasOwn(STRINGS, prefix + name) ? say(prefix + name) : name;
}

export function percent(probability) {
  return `${(100 * probability).toFixed(1)} %`;
}

export function count(number) {
  return number.toLocaleString(language);
}

/** Words for everything marked with data-say, and labels for everything with data-say-label. */
function applyLanguage() {
  document.documentElement.lang = language;
  document.title = say("title");
  for (const node of document.querySelectorAll("[data-say]")) {
    node.textContent = say(node.dataset.say);
  }
  for (const node of document.querySelectorAll("[data-say-label]")) {
    node.setAttribute("aria-label", say(node.dataset.sayLabel));
  }
}
