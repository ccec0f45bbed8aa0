// Morphemes as a row of chips that the page's one cursor runs along.

import { cursor, stepByKey } from "./cursor.js";
import { element } from "./dom.js";
import { count, currentLanguage, say } from "./language.js";
import { KINDS, kindOfTag, nameOfTag } from "./tags.js";

const SHOWN = { head: 40, tail: 160 };

/** The first and last of `items`, and how many in between are left out. */
export function windowed(items, { head, tail }) {
  if (items.length <= head + tail) return { head: items, hidden: 0, tail: [] };
  return {
    head: items.slice(0, head),
    hidden: items.length - head - tail,
    tail: items.slice(items.length - tail),
  };
}

/** A list of chips, one tab stop in all: arrow keys, Home and End walk along it. */
export function chipList(title, tokens, chipOf) {
  if (!tokens.length) return element("p", { class: "text empty" }, say("nothing_left"));
  const { head, hidden, tail } = windowed(tokens, SHOWN);
  const shown = [...head, ...tail];
  const chips = shown.map((token) => chipButton(token, chipOf(token)));
  chips[0].tabIndex = 0;
  const items = chips.map((chip) => element("li", {}, chip));
  if (hidden) {
    const mark = say("hidden_tokens", { count: count(hidden) });
    items.splice(head.length, 0, element("li", { class: "hidden-mark" }, mark));
  }
  const list = element("ol", { class: "chips", "aria-label": say(title) }, ...items);
  list.addEventListener("keydown", (event) => {
    const to = stepByKey(event.key, chips.indexOf(event.target), chips.length);
    if (to === null) return;
    event.preventDefault();
    chips[to].focus();
  });
  list.addEventListener("focusin", (event) => {
    for (const chip of chips) chip.tabIndex = chip === event.target ? 0 : -1;
  });
  cursor.follow(list, () => {
    const at = cursor.indexIn(shown);
    chips.forEach((chip, index) => chip.classList.toggle("pointed", index === at));
  });
  return list;
}

function chipButton(token, { classes, parts, note }) {
  const point = () => cursor.point(token);
  const told = [token.form, token.tag, nameOfTag(token.tag, currentLanguage()), note, place(token)];
  return element(
    "button",
    {
      type: "button",
      class: `chip ${classes}`,
      tabindex: "-1",
      "aria-label": told.filter(Boolean).join(", "),
      title: told.slice(1).filter(Boolean).join(" · "),
      on: { focus: point, pointerenter: point, click: point },
    },
    ...parts,
  );
}

function place({ raw_start, raw_end }) {
  return say("place_in_text", { start: count(raw_start + 1), end: count(raw_end) });
}

/** Form over tag, coloured by the tag's kind; with `fate`, stopwords greyed and struck. */
export function morphemeChip(token, { fate = false } = {}) {
  const dropped = fate && token.fate === "stopword";
  return {
    classes: `kind-${kindOfTag(token.tag)}${dropped ? " dropped" : ""}`,
    parts: [part(dropped ? "del" : "span", "form", token.form), part("span", "tag", token.tag)],
    note: dropped ? say("stopword") : "",
  };
}

/** Form over ids; what the vocabulary does not hold and what was cut off is marked in words. */
export function idChip(token) {
  const note = { unknown: say("unknown"), "cut off": say("cut_off") }[token.fate] ?? "";
  const ids = token.token_ids.join(" ") || "–";
  return {
    classes: `id-chip fate-${token.fate.replace(" ", "-")}`,
    parts: [
      part("span", "form", token.form),
      part("span", "tag", ids),
      note ? part("span", "fate", note) : null,
    ],
    note: [ids, note].filter(Boolean).join(", "),
  };
}

function part(name, classes, text) {
  return element(name, { class: classes }, text);
}

/** The kinds of tags that these tokens show. */
export function tagLegend(tokens) {
  const present = new Set(tokens.map((token) => kindOfTag(token.tag)));
  return element(
    "ul",
    { class: "legend", "aria-label": say("legend") },
    ...KINDS.filter((kind) => present.has(kind)).map((kind) =>
      element(
        "li",
        {},
        element("span", { class: `swatch kind-${kind}`, "aria-hidden": "true" }),
        say(`kind_${kind}`),
      ),
    ),
  );
}
