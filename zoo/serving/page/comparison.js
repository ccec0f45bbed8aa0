// The traced models side by side, and the one cursor over all their pictures.

import { labelName } from "./answer.js";
import { probabilityCurve } from "./curve.js";
import { cursor } from "./cursor.js";
import { element } from "./dom.js";
import { gateBars, gatesOf } from "./gates.js";
import { heatMap } from "./heatmap.js";
import { importanceBars } from "./importance.js";
import { count, currentLanguage, percent, say } from "./language.js";
import { pictureOf } from "./picture.js";
import { nameOfTag } from "./tags.js";

const CELLS = { simple_rnn: "SimpleRNN", lstm: "LSTM", gru: "GRU" };
const DRAWN = 200; // tokens of a picture

/** Everything drawn for an answer of /v1/trace to `subject`. */
export function comparisonOf({ label_names: names, results }, subject, onProblem) {
  const labels = [names.length === 2 ? labelName(names[0]) : say("label_others"), labelName(names[1])];
  const read = named(results).filter(({ tokens }) => tokens.length);
  if (!read.length) return [element("p", { class: "note" }, say("comparison_empty"))];
  const picture = (plot) => pictureOf(plot, subject, onProblem);
  const deepest = scale(read.flatMap(({ hidden }) => hidden.flat()), 0.1);
  const greatest = scale(read.flatMap(({ importance }) => importance), 1);
  const [against, towards] = labels;
  const label = { label: towards, other: against };
  return [
    cursorBar(read),
    earlierTokens(results),
    kind("curve", label, "stacked", sameTokens(read).map((group) => picture(probabilityCurve(group, labels)))),
    kind("heatmap", {}, "side-by-side", read.map((result) => picture(heatMap(result, deepest)))),
    kind(
      "gates",
      {},
      "side-by-side",
      read.map((result) => (gatesOf(result).length ? picture(gateBars(result)) : noGates(result))),
    ),
    kind(
      "importance",
      label,
      "side-by-side",
      read.map((result) => picture(importanceBars(result, greatest))),
    ),
  ].filter(Boolean);
}

/** One kind of picture of all models, under its heading. */
function kind(name, values, arrangement, pictures) {
  return element(
    "section",
    { class: "kind", "aria-label": say(name), data: { kind: name } },
    element("h3", {}, say(name)),
    element("p", { class: "note" }, say(`${name}_note`, values)),
    element("div", { class: arrangement }, ...pictures),
  );
}

function noGates({ name }) {
  return element(
    "figure",
    { class: "picture" },
    element("figcaption", {}, name),
    element("p", { class: "note no-gates" }, say("gates_none")),
  );
}

/** Results with a short name (the cell's, where no other shares it), cut to what is drawn. */
function named(results) {
  return results.map((result) => {
    const alone = results.filter(({ cell }) => cell === result.cell).length === 1;
    const drawn = (values) => values.slice(-DRAWN);
    return {
      model: result.model,
      units: result.units,
      name: (alone && CELLS[result.cell]) || result.model,
      tokens: drawn(result.tokens),
      hidden: drawn(result.hidden),
      probabilities: drawn(result.probabilities),
      importance: drawn(result.importance),
      gates: Object.fromEntries(
        Object.entries(result.gates).map(([gate, values]) => [gate, drawn(values)]),
      ),
    };
  });
}

function earlierTokens(results) {
  const longest = Math.max(...results.map(({ tokens }) => tokens.length));
  if (longest <= DRAWN) return null;
  const values = { shown: count(DRAWN), count: count(longest - DRAWN) };
  return element("p", { class: "note" }, say("earlier_tokens", values));
}

/** The end of an axis: the greatest size of a value, rounded up to a whole `unit`. */
function scale(values, unit) {
  const greatest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.max(unit, Math.ceil(greatest / unit - 1e-9) * unit);
}

/** Models that cut the text alike share one picture of their probabilities. */
function sameTokens(results) {
  const groups = new Map();
  for (const result of results) {
    const cut = JSON.stringify(result.tokens.map(({ form, raw_start }) => [form, raw_start]));
    if (!groups.has(cut)) groups.set(cut, []);
    groups.get(cut).push(result);
  }
  return [...groups.values()];
}

/** A slider along the morphemes, and what it points at in words. */
function cursorBar(results) {
  const { tokens } = results[0];
  const slider = element("input", {
    type: "range",
    id: "cursor",
    min: "0",
    max: String(tokens.length - 1),
    value: "0",
  });
  const readout = element("output", { class: "readout", for: "cursor" }, say("cursor_none"));
  slider.addEventListener("input", () => cursor.point(tokens[slider.valueAsNumber]));
  slider.addEventListener("focus", () => {
    if (cursor.indexIn(tokens) < 0) cursor.point(tokens[slider.valueAsNumber]);
  });
  cursor.follow(slider, () => {
    const at = cursor.indexIn(tokens);
    if (at < 0) {
      readout.textContent = say("cursor_none");
      return;
    }
    const { form, tag, known } = tokens[at];
    const parts = [tag, nameOfTag(tag, currentLanguage()), known ? "" : say("unknown")];
    const told = parts.filter(Boolean).join(" ");
    const place = say("cursor_place", { place: at + 1, count: tokens.length });
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", [form, told, place, ...probabilities(results)].join(", "));
    readout.replaceChildren(element("strong", {}, form), ` ${told} `, element("small", {}, place));
  });
  return element(
    "div",
    { class: "cursor-bar" },
    element("label", { for: "cursor" }, say("cursor")),
    slider,
    readout,
  );
}

/** What each model makes of the text up to the cursor, for those who do not see the curve. */
function probabilities(results) {
  return results
    .map((result) => ({ ...result, at: cursor.indexIn(result.tokens) }))
    .filter(({ at }) => at >= 0)
    .map(({ name, at, probabilities: all }) => `${name} ${percent(all[at])}`);
}
