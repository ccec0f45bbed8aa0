// The paper a picture is drawn on: columns for the tokens, their axis, and the cursor.

const STEP = { least: 12, most: 88 };
const STACK = 6; // characters of a morpheme that stand under a narrow column
const LETTER = 14; // px a stacked character
const SMALL = 12;
export const LEFT = 50; // px for the axis, the same in all pictures: their columns stand in line
const GUTTER = 8; // px to the right of the last column

/** Sizes in CSS px of a picture of `tokens` that may be `available` wide. */
export function layout(context, font, { tokens, left, top, height, bottom }, available) {
  const room = (available - left - GUTTER) / tokens.length;
  const step = Math.max(STEP.least, Math.min(STEP.most, room));
  context.font = `13px ${font}`;
  const widest = Math.max(...tokens.map(({ form }) => context.measureText(form).width));
  const flat = widest <= step - 6;
  const longest = Math.max(...tokens.map(({ form }) => Math.min(STACK, Array.from(form).length)));
  const axis = flat ? 26 : longest * LETTER + 12;
  return {
    step,
    flat,
    plot: { left, top, width: step * tokens.length, height },
    axisBottom: top + height + axis,
    width: Math.ceil(Math.max(available, left + step * tokens.length + GUTTER)),
    height: Math.ceil(top + height + axis + bottom),
  };
}

/** What the plots draw with; one a painting. */
export class Sheet {
  constructor(context, font, colours, measures, at) {
    Object.assign(this, { context, font, colours, at }, measures);
  }

  /** The left edge of column `index`. */
  x(index) {
    return this.plot.left + index * this.step;
  }

  /** The middle of column `index`. */
  middle(index) {
    return this.x(index) + this.step / 2;
  }

  text(words, x, y, { size = SMALL, colour = "ink", align = "left", weight = "" } = {}) {
    this.context.font = `${weight} ${size}px ${this.font}`;
    this.context.textAlign = align;
    this.context.textBaseline = "middle";
    this.context.fillStyle = this.colours[colour];
    this.context.fillText(words, x, y);
  }

  line(x1, y1, x2, y2, { colour = "line", width = 1, dash = [] } = {}) {
    const { context } = this;
    context.beginPath();
    context.setLineDash(dash);
    context.lineWidth = width;
    context.strokeStyle = this.colours[colour];
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
    context.setLineDash([]);
  }

  /** A horizontal line through the plot with its value at the left. */
  level(y, words, options = {}) {
    this.line(this.plot.left, y, this.plot.left + this.plot.width, y, options);
    this.text(words, this.plot.left - 8, y, { colour: "muted", align: "right" });
  }

  /** The morphemes under their columns, upright where they do not fit; unknown ones paler, with ?. */
  tokenAxis(tokens) {
    const top = this.plot.top + this.plot.height;
    tokens.forEach(({ form, known }, index) => {
      const x = this.middle(index);
      const here = index === this.at;
      const style = { size: 13, align: "center", weight: here ? "700" : "" };
      style.colour = here ? "accent" : known ? "ink" : "muted";
      if (this.flat) {
        this.text(known ? form : `${form}?`, x, top + 16, style);
        return;
      }
      const letters = Array.from(known ? form : `${form}?`);
      const shown = letters.length > STACK ? [...letters.slice(0, STACK - 1), "⋮"] : letters;
      shown.forEach((letter, row) => {
        const size = Math.min(12.5, this.step - 0.5);
        this.text(letter, x, top + 14 + row * LETTER, { ...style, size });
      });
    });
  }

  /** A frame around the column the cursor points at. */
  cursorFrame() {
    if (this.at < 0) return;
    const { top, height } = this.plot;
    this.context.strokeStyle = this.colours.ink;
    this.context.lineWidth = 1.5;
    this.context.strokeRect(this.x(this.at), top - 2, this.step, height + 4);
  }
}
