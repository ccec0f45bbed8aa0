// The four parts of a reading: what each asks of the server and what it shows.

import { answerCard } from "./answer.js";
import { post } from "./api.js";
import { comparisonOf } from "./comparison.js";
import { byId, element } from "./dom.js";
import { entityText } from "./entities.js";
import { say } from "./language.js";
import { Part } from "./part.js";
import { stageList } from "./stages.js";

/**
 * An input is { text, model, compared }: the classifier's name and the names of the traced models.
 * `models` are those of /v1/models; `onProblem` gets what goes wrong later, as in saving a PNG.
 */
export function partsOf(models, onProblem) {
  const tagger = models.find(({ kind }) => kind === "tagger");
  const traceable = models.some((model) => model.traceable);
  return {
    stages: new Part(byId("stages"), {
      question: ({ text, model }, signal) => post("v1/analyze", { text, model }, signal),
      content: (analysis) => [stageList(analysis)],
    }),
    answer: new Part(byId("answer"), {
      question: ({ text, model }, signal) => post("v1/predict", { texts: [text], model }, signal),
      content: (answer, { text }) => [
        answerCard(answer),
        text.trim() ? "" : element("p", { class: "note" }, say("answer_empty")),
      ],
    }),
    comparison: new Part(byId("comparison"), {
      question: async ({ text, compared }, signal) =>
        text.trim() && compared.length
          ? post("v1/trace", { text, models: compared }, signal)
          : null,
      content: (trace, { text, compared }) => {
        if (trace) return comparisonOf(trace, text, onProblem);
        if (!traceable) return [sentence("comparison_none")];
        return [sentence(compared.length ? "comparison_empty" : "comparison_unchosen")];
      },
    }),
    entities: new Part(byId("entities"), {
      question: async ({ text }, signal) =>
        tagger ? post("v1/tag", { texts: [text], model: tagger.name }, signal) : null,
      content: (answer) => (answer ? entityText(answer) : [sentence("entities_no_model")]),
    }),
  };
}

function sentence(key) {
  return element("p", { class: "note" }, say(key));
}
