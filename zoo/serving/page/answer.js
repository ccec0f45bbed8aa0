// What the chosen classifier says of the text, as bars.

import { element } from "./dom.js";
import { percent, say, sayName } from "./language.js";

export function labelName(label) {
  return sayName("label_", label);
}

/** One bar a label, the given one first in words; for an answer of /v1/predict. */
export function answerCard({ model, label_names: names, predictions: [prediction] }) {
  const best = names.indexOf(prediction.label);
  return element(
    "div",
    { class: "answer-card", data: { label: prediction.label } },
    element(
      "p",
      { class: "verdict" },
      element("strong", {}, labelName(prediction.label)),
      " ",
      element("span", { class: "figure" }, percent(prediction.probabilities[best])),
    ),
    element(
      "ul",
      { class: "bars" },
      ...names.map((name, index) =>
        bar(name, prediction.probabilities[index], sideOf(index, names.length), index === best),
      ),
    ),
    element("p", { class: "note model-name" }, model),
  );
}

/** The sentence a screen reader hears. */
export function answerSentence({ model, label_names: names, predictions: [prediction] }) {
  const best = names.indexOf(prediction.label);
  const values = { model, label: labelName(prediction.label) };
  return say("answer_said", { ...values, percent: percent(prediction.probabilities[best]) });
}

function sideOf(index, length) {
  return length === 2 ? ["against", "for"][index] : "neutral";
}

function bar(name, probability, side, chosen) {
  const fill = element("span", { class: `fill ${side}` });
  fill.style.inlineSize = `${100 * probability}%`;
  return element(
    "li",
    { class: chosen ? "chosen" : "" },
    element("span", { class: "name" }, labelName(name)),
    element("span", { class: "track", "aria-hidden": "true" }, fill),
    element("span", { class: "figure" }, percent(probability)),
  );
}
