// Which models are read with, and which stand side by side.

import { byId, element } from "./dom.js";

const SIDE_BY_SIDE = 3; // as many as there are colours and places in a row

const classifier = byId("classifier");
const compared = byId("compared");

function boxes() {
  return [...compared.querySelectorAll("input")];
}

/** The names chosen: { model, compared }. */
export function chosen() {
  return {
    model: classifier.value || null,
    compared: boxes()
      .filter(({ checked }) => checked)
      .map(({ value }) => value),
  };
}

/** Offer `models`, with those of `wanted` ({ model, compared }, null for no wish) chosen. */
export function offer(models, wanted) {
  const classifiers = models.filter(({ kind }) => kind === "classifier");
  classifier.replaceChildren(
    ...classifiers.map(({ name, summary }) =>
      element("option", { value: name, title: summary }, name),
    ),
  );
  const first = classifiers.find((model) => model.default) ?? classifiers[0];
  const known = classifiers.some(({ name }) => name === wanted.model);
  classifier.value = known ? wanted.model : first?.name;
  offerCompared(models.filter((model) => model.traceable), wanted.compared);
}

function offerCompared(traceable, wanted) {
  compared.hidden = !traceable.length;
  compared.querySelector(".choices").replaceChildren(
    ...traceable.map(({ name, label_names: labels }) => {
      const data = { labels: JSON.stringify(labels) };
      const box = element("input", { type: "checkbox", value: name, data });
      return element("label", { class: "choice" }, box, name);
    }),
  );
  for (const box of boxes()) {
    box.checked = !box.disabled && (wanted === null || wanted.includes(box.value));
    keepComparable();
  }
}

/** Close what cannot join the chosen ones: other labels, or a fourth model. */
function keepComparable() {
  const on = boxes().filter(({ checked }) => checked);
  for (const box of boxes()) {
    const alike = !on.length || on[0].dataset.labels === box.dataset.labels;
    box.disabled = !box.checked && (!alike || on.length >= SIDE_BY_SIDE);
  }
}

/** Run `action` when a choice changes. */
export function onChoice(action) {
  for (const node of [classifier, compared]) {
    node.addEventListener("change", () => {
      keepComparable();
      action();
    });
  }
}
