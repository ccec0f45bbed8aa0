// What each token does for the log odds: bars up raise them, bars down lower them.

import { say } from "./language.js";
import { LEFT } from "./sheet.js";

/** `limit` is the value at the ends of the axis, the same for all models compared. */
export function importanceBars({ name, model, tokens, importance }, limit) {
  const greatest = importance.indexOf(Math.max(...importance));
  const value = importance[greatest].toFixed(2);
  return {
    id: `importance-${model}`,
    caption: name,
    title: say("picture_of", { model: name, picture: say("importance") }),
    description: say("importance_alt", { model: name, form: tokens[greatest].form, value }),
    tokens,
    left: LEFT,
    top: 14,
    height: 132,
    bottom: 4,
    paint: (sheet) => paint(sheet, tokens, importance, limit),
    table: () => [
      [say("morpheme"), say("importance")],
      tokens.map(({ form }, at) => [form, importance[at].toFixed(3)]),
    ],
  };
}

function paint(sheet, tokens, importance, limit) {
  const { context, colours, plot, step } = sheet;
  const zero = plot.top + plot.height / 2;
  const bar = Math.min(28, step - 3);
  const tall = (value) => (value / limit) * (plot.height / 2);
  sheet.level(plot.top, `+${limit.toFixed(1)}`, { dash: [2, 3] });
  sheet.level(plot.top + plot.height, `−${limit.toFixed(1)}`, { dash: [2, 3] });
  importance.forEach((value, index) => {
    context.fillStyle = value < 0 ? colours.against : colours.for;
    context.globalAlpha = sheet.at < 0 || sheet.at === index ? 1 : 0.55;
    context.fillRect(sheet.middle(index) - bar / 2, zero, bar, -tall(value));
    context.globalAlpha = 1;
  });
  sheet.level(zero, "0", { colour: "muted" });
  if (sheet.at >= 0) {
    const value = importance[sheet.at];
    const y = zero - tall(value) + (value < 0 ? 9 : -9);
    const style = { size: 11, align: "center", weight: "700" };
    sheet.text(signed(value), sheet.middle(sheet.at), y, style);
  }
  sheet.tokenAxis(tokens);
}

/** Two digits with a true minus sign, and none before 0.00. */
function signed(value) {
  return value.toFixed(2).replace("-0.00", "0.00").replace("-", "−");
}
