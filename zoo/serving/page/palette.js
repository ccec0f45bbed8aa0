// The colours of the pictures: those of the style sheet, as the present theme gives them.

const NAMES = [
  "surface",
  "ink",
  "muted",
  "line",
  "accent",
  "for",
  "against",
  "series-1",
  "series-2",
  "series-3",
];

/** Colours by name, as rgb() strings. */
export function palette() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const colours = {};
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}

/** A colour between `from` and `to` (rgb() strings), `share` 0 to 1. */
export function mix(from, to, share) {
  const [a, b] = [from, to].map((colour) => colour.match(/[\d.]+/g).map(Number));
  const parts = [0, 1, 2].map((i) => Math.round(a[i] + (b[i] - a[i]) * share));
  return `rgb(${parts.join(" ")})`;
}

/** The diverging scale: -1 is `against`, 0 the surface, 1 is `for`. */
export function diverging(colours, value) {
  const end = value < 0 ? colours.against : colours.for;
  return mix(colours.surface, end, Math.min(1, Math.abs(value)));
}
