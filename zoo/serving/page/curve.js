// The probability after each token, one line a model.

import { percent, say } from "./language.js";
import { mix } from "./palette.js";
import { LEFT } from "./sheet.js";

const DASHES = [[], [7, 4], [2, 3]];
const SERIES = ["series-1", "series-2", "series-3"];
const LEGEND = 30;

/** `results` read the same tokens; `labels` are the names of the two labels. */
export function probabilityCurve(results, labels) {
  const { tokens } = results[0];
  const title = say("curve");
  const ends = results.map(({ name, probabilities }) => `${name} ${percent(probabilities.at(-1))}`);
  return {
    id: results.length === 1 ? `probability-${results[0].model}` : "probability",
    caption: null,
    title,
    description: say("curve_alt", { label: labels[1], ends: ends.join(", ") }),
    tokens,
    left: LEFT,
    top: LEGEND + 10,
    height: 220,
    bottom: 4,
    paint: (sheet) => paint(sheet, results, labels),
    table: () => [
      [say("morpheme"), ...results.map(({ name }) => name)],
      tokens.map(({ form }, at) => [
        form,
        ...results.map(({ probabilities }) => probabilities[at].toFixed(3)),
      ]),
    ],
  };
}

function paint(sheet, results, labels) {
  const { context, colours, plot } = sheet;
  const y = (probability) => plot.top + (1 - probability) * plot.height;
  context.fillStyle = mix(colours.surface, colours.for, 0.07);
  context.fillRect(plot.left, plot.top, plot.width, plot.height / 2);
  context.fillStyle = mix(colours.surface, colours.against, 0.07);
  context.fillRect(plot.left, plot.top + plot.height / 2, plot.width, plot.height / 2);
  for (const at of [0, 0.25, 0.75, 1]) sheet.level(y(at), String(at));
  sheet.level(y(0.5), "0.5", { colour: "muted", dash: [5, 4] });
  const ends = { colour: "muted", align: "right" };
  sheet.text(shortened(labels[1]), plot.left - 8, plot.top + 16, ends);
  sheet.text(shortened(labels[0]), plot.left - 8, plot.top + plot.height - 16, ends);
  if (sheet.at >= 0) {
    const x = sheet.middle(sheet.at);
    sheet.line(x, plot.top, x, plot.top + plot.height, { colour: "ink", width: 1.5 });
  }
  results.forEach((result, index) => series(sheet, result, index, y));
  legend(sheet, results);
  sheet.tokenAxis(results[0].tokens);
}

/** A label that fits beside the axis. */
function shortened(label) {
  const letters = Array.from(label);
  return letters.length > 8 ? `${letters.slice(0, 7).join("")}…` : label;
}

function series(sheet, { probabilities }, index, y) {
  const { context, colours } = sheet;
  context.strokeStyle = colours[SERIES[index % SERIES.length]];
  context.lineWidth = 2.5;
  context.lineJoin = "round";
  context.setLineDash(DASHES[index % DASHES.length]);
  context.beginPath();
  probabilities.forEach((probability, at) => {
    context.lineTo(sheet.middle(at), y(probability));
  });
  context.stroke();
  context.setLineDash([]);
  probabilities.forEach((probability, at) => {
    marker(sheet, index, sheet.middle(at), y(probability), at === sheet.at ? 6 : 3.5);
  });
}

/** A circle, a square or a triangle: the line is known without its colour. */
function marker({ context, colours }, index, x, y, size) {
  context.fillStyle = colours[SERIES[index % SERIES.length]];
  context.strokeStyle = colours.surface;
  context.lineWidth = 1.5;
  context.beginPath();
  if (index % 3 === 0) context.arc(x, y, size, 0, 2 * Math.PI);
  else if (index % 3 === 1) context.rect(x - size, y - size, 2 * size, 2 * size);
  else {
    context.moveTo(x, y - 1.3 * size);
    context.lineTo(x + 1.2 * size, y + size);
    context.lineTo(x - 1.2 * size, y + size);
    context.closePath();
  }
  context.fill();
  context.stroke();
}

/** Names above the plot, with the probability at the cursor or at the end. */
function legend(sheet, results) {
  let x = 8;
  results.forEach(({ name, probabilities }, index) => {
    marker(sheet, index, x, 14, 5);
    const value = probabilities[sheet.at < 0 ? probabilities.length - 1 : sheet.at];
    const words = `${name} ${(100 * value).toFixed(0)} %`;
    sheet.text(words, x + 11, 14, { size: 13, weight: "600" });
    x += sheet.context.measureText(words).width + 32;
  });
}
