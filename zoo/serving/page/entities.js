// Named entities, underlined in the text they stand in.

import { characters, element } from "./dom.js";
import { say, sayName } from "./language.js";

/** The text with its spans marked; for an answer of /v1/tag. */
export function entityText({ model, results: [{ text, spans }] }) {
  const letters = characters(text);
  const parts = [];
  let done = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start < done) continue;
    parts.push(letters.slice(done, span.start).join(""), entity(span));
    done = span.end;
  }
  parts.push(letters.slice(done).join(""));
  const note = spans.length ? say("entities_note", { model }) : say("entities_none");
  const told = element("p", { class: "note" }, note);
  if (!spans.length) return [told];
  const box = { class: "text entity-text", tabindex: "0", role: "group", lang: "ko" };
  return [told, element("div", { ...box, "aria-label": say("entities") }, ...parts)];
}

function entity({ label, text }) {
  return element(
    "mark",
    { class: `entity entity-${label}` },
    element("span", { class: "entity-form" }, text),
    element("span", { class: "entity-label" }, `${sayName("entity_", label)} ${label}`),
  );
}
