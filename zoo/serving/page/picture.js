// A picture on the page: canvas, words for those who do not see it, cursor, table and PNG.

import { Problem } from "./api.js";
import { cursor, stepByKey } from "./cursor.js";
import { element, table } from "./dom.js";
import { say } from "./language.js";
import { palette } from "./palette.js";
import { layout, Sheet } from "./sheet.js";

const EXPORT = { scale: 2, least: 720, margin: 28, header: 64 }; // CSS px

/**
 * A <figure> of a plot: { id, title, caption (or null), description, tokens, left, top, height,
 * bottom (px), paint(sheet), table() -> [head, rows] }. `subject` is the text it speaks of, for
 * the PNG.
 */
export function pictureOf(plot, subject, onProblem) {
  const canvas = element("canvas", { role: "img", "aria-label": plot.description });
  const box = element(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": plot.title },
    canvas,
  );
  const save = element(
    "button",
    { type: "button", class: "quiet", "aria-label": say("save_png_of", { picture: plot.title }) },
    say("save_png"),
  );
  save.addEventListener("click", () => savePng(plot, subject, box.clientWidth).catch(onProblem));
  const figure = element(
    "figure",
    { class: "picture", data: { picture: plot.id } },
    plot.caption && element("figcaption", {}, plot.caption),
    box,
    element("div", { class: "actions" }, save, tableOf(plot)),
  );
  listen(box, plot, canvas);
  return figure;
}

function listen(box, plot, canvas) {
  let measures = null;
  const repaint = () => {
    if (box.clientWidth) measures = paint(canvas, plot, box.clientWidth);
  };
  let asked = 0;
  const soon = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(repaint);
  };
  new ResizeObserver(soon).observe(box);
  cursor.follow(canvas, () => {
    soon();
    if (box === document.activeElement) bringIntoView(box, measures, cursor.indexIn(plot.tokens));
  });
  const pointAt = (event) => {
    if (!measures) return;
    const index = Math.floor((event.offsetX - measures.plot.left) / measures.step);
    if (index >= 0 && index < plot.tokens.length) cursor.point(plot.tokens[index]);
  };
  canvas.addEventListener("pointermove", pointAt);
  canvas.addEventListener("pointerdown", pointAt);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cursor.point(null);
    const to = stepByKey(event.key, cursor.indexIn(plot.tokens), plot.tokens.length);
    if (to === null) return;
    event.preventDefault();
    cursor.point(plot.tokens[to]);
  });
}

function bringIntoView(box, measures, index) {
  if (!measures || index < 0) return;
  const left = measures.plot.left + index * measures.step;
  if (left < box.scrollLeft) box.scrollLeft = left - measures.step;
  const over = left + measures.step - box.clientWidth;
  if (over > box.scrollLeft) box.scrollLeft = over + measures.step;
}

function fontOf() {
  return getComputedStyle(document.body).fontFamily;
}

function paint(canvas, plot, available) {
  const context = canvas.getContext("2d");
  const measures = layout(context, fontOf(), plot, available);
  const ratio = window.devicePixelRatio || 1;
  canvas.width = measures.width * ratio;
  canvas.height = measures.height * ratio;
  canvas.style.width = `${measures.width}px`;
  canvas.style.height = `${measures.height}px`;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw(context, plot, measures, cursor.indexIn(plot.tokens));
  return measures;
}

function draw(context, plot, measures, at) {
  const colours = palette();
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, measures.width, measures.height);
  plot.paint(new Sheet(context, fontOf(), colours, measures, at));
}

/** Download the picture with its title, twice as fine as on the screen, wide enough for a slide. */
async function savePng(plot, subject, available) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const { scale, margin, header } = EXPORT;
  const measures = layout(context, fontOf(), plot, Math.max(available, EXPORT.least));
  canvas.width = scale * (measures.width + 2 * margin);
  canvas.height = scale * (measures.height + header + 2 * margin);
  const colours = palette();
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, scale * margin, scale * margin);
  const sheet = new Sheet(context, fontOf(), colours, measures, -1);
  sheet.text(plot.title, 0, 12, { size: 22, weight: "700" });
  sheet.text(shortened(context, subject, measures.width), 0, 40, { size: 14, colour: "muted" });
  context.translate(0, header);
  draw(context, plot, measures, -1);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Problem("png");
  download(blob, `koprep-${plot.id}.png`);
}

function shortened(context, subject, width) {
  const words = subject.replace(/\s+/g, " ").trim();
  context.font = `14px ${fontOf()}`;
  if (context.measureText(words).width <= width) return words;
  let letters = Array.from(words).slice(0, 400);
  while (letters.length && context.measureText(`${letters.join("")}…`).width > width) {
    letters = letters.slice(0, -1);
  }
  return `${letters.join("")}…`;
}

function download(blob, name) {
  const address = URL.createObjectURL(blob);
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The numbers behind a picture; made when asked for. */
function tableOf(plot) {
  const box = element("div", {
    class: "scroll",
    tabindex: "0",
    role: "group",
    "aria-label": say("as_table_of", { picture: plot.title }),
  });
  const summary = element(
    "summary",
    { "aria-label": say("as_table_of", { picture: plot.title }) },
    say("as_table"),
  );
  const details = element("details", {}, summary, box);
  details.addEventListener("toggle", () => {
    if (details.open && !box.firstChild) box.append(table(plot.title, ...plot.table()));
  });
  return details;
}
