// The hidden state as a heat map: tokens across, units down.

import { say } from "./language.js";
import { diverging } from "./palette.js";
import { LEFT } from "./sheet.js";

const HEIGHT = 216;

/** `limit` is the value of the deepest colour, the same for all models compared. */
export function heatMap({ name, model, tokens, units, hidden }, limit) {
  const last = hidden.at(-1);
  const order = Array.from({ length: units }, (_, unit) => unit);
  order.sort((a, b) => last[b] - last[a]);
  const ends = {
    low: Math.min(...hidden.map((state) => Math.min(...state))).toFixed(2),
    high: Math.max(...hidden.map((state) => Math.max(...state))).toFixed(2),
  };
  return {
    id: `hidden-state-${model}`,
    caption: name,
    title: say("picture_of", { model: name, picture: say("heatmap") }),
    description: say("heatmap_alt", { model: name, count: tokens.length, units, ...ends }),
    tokens,
    left: LEFT,
    top: 8,
    height: HEIGHT,
    bottom: 40,
    paint: (sheet) => paint(sheet, tokens, hidden, order, limit),
    table: () => [
      [say("morpheme"), ...order.map((unit) => say("unit", { number: unit + 1 }))],
      tokens.map(({ form }, at) => [form, ...order.map((unit) => hidden[at][unit].toFixed(2))]),
    ],
  };
}

function paint(sheet, tokens, hidden, order, limit) {
  const { context, colours, plot, step } = sheet;
  const row = plot.height / order.length;
  hidden.forEach((state, column) => {
    order.forEach((unit, place) => {
      context.fillStyle = diverging(colours, state[unit] / limit);
      context.fillRect(sheet.x(column), plot.top + place * row, step - 1, row + 0.5);
    });
  });
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(plot.left - 0.5, plot.top - 0.5, plot.width, plot.height + 1);
  unitAxis(sheet);
  sheet.tokenAxis(tokens);
  sheet.cursorFrame();
  legend(sheet, limit);
}

function unitAxis(sheet) {
  const { plot } = sheet;
  const style = { colour: "muted", align: "right" };
  sheet.text(say("units"), plot.left - 8, plot.top + plot.height / 2, style);
}

function legend(sheet, limit) {
  const { context, colours, plot } = sheet;
  const width = 140;
  const top = sheet.axisBottom + 6;
  const left = plot.left;
  for (let x = 0; x < width; x += 1) {
    context.fillStyle = diverging(colours, (2 * x) / (width - 1) - 1);
    context.fillRect(left + x, top, 1.5, 10);
  }
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, width + 1, 11);
  const y = top + 5;
  sheet.text(`−${limit.toFixed(1)}`, left - 6, y, { colour: "muted", align: "right" });
  sheet.text(limit.toFixed(1), left + width + 6, y, { colour: "muted" });
  sheet.text("0", left + width / 2, top + 20, { colour: "muted", align: "center" });
}
