// The gates as bars: one row a gate, each bar the mean over all units at one token.

import { say, sayName } from "./language.js";
import { LEFT } from "./sheet.js";

const ROW = 52; // px a gate, the gap under it included
const GAP = 14;

/** The gates of a cell. The candidate state that comes with them is none: it is not between 0 and 1. */
export function gatesOf({ gates }) {
  return Object.entries(gates).filter(([gate]) => gate !== "candidate");
}

export function gateBars(result) {
  const { name, model, tokens } = result;
  const rows = gatesOf(result).map(([gate, values]) => ({
    gate: sayName("gate_", gate),
    means: values.map((units) => units.reduce((sum, value) => sum + value, 0) / units.length),
  }));
  const means = rows.map(({ gate, means: all }) =>
    say("gate_mean", { gate, value: (all.reduce((a, b) => a + b, 0) / all.length).toFixed(2) }),
  );
  return {
    id: `gates-${model}`,
    caption: name,
    title: say("picture_of", { model: name, picture: say("gates") }),
    description: say("gates_alt", { model: name, means: means.join(", ") }),
    tokens,
    left: LEFT,
    top: 10,
    height: rows.length * ROW - GAP,
    bottom: 4,
    paint: (sheet) => paint(sheet, tokens, rows),
    table: () => [
      [say("morpheme"), ...rows.map(({ gate }) => gate)],
      tokens.map(({ form }, at) => [form, ...rows.map(({ means: all }) => all[at].toFixed(3))]),
    ],
  };
}

function paint(sheet, tokens, rows) {
  const { context, colours, plot, step } = sheet;
  const bar = Math.min(28, step - 3);
  rows.forEach(({ gate, means }, row) => {
    const top = plot.top + row * ROW;
    const height = ROW - GAP;
    sheet.line(plot.left, top, plot.left + plot.width, top, { dash: [2, 3] });
    sheet.line(plot.left, top + height / 2, plot.left + plot.width, top + height / 2, {
      dash: [2, 3],
    });
    means.forEach((mean, index) => {
      const tall = mean * height;
      context.fillStyle = colours.accent;
      context.globalAlpha = sheet.at < 0 || sheet.at === index ? 1 : 0.55;
      context.fillRect(sheet.middle(index) - bar / 2, top + height - tall, bar, tall);
      context.globalAlpha = 1;
    });
    sheet.line(plot.left, top + height, plot.left + plot.width, top + height, { colour: "muted" });
    sheet.text(gate, 0, top + height / 2, { size: 13, weight: "600" });
    sheet.text("1", plot.left - 5, top, { size: 11, colour: "muted", align: "right" });
    sheet.text("0", plot.left - 5, top + height, { size: 11, colour: "muted", align: "right" });
    value(sheet, means, top);
  });
  sheet.tokenAxis(tokens);
}

function value(sheet, means, top) {
  if (sheet.at < 0) return;
  const words = means[sheet.at].toFixed(2);
  sheet.text(words, sheet.middle(sheet.at), top - 5, { size: 11, align: "center", weight: "700" });
}
