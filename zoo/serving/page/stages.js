// The way from characters to numbers, one stage under the other.

import { chipList, idChip, morphemeChip, tagLegend, windowed } from "./chips.js";
import { cursor } from "./cursor.js";
import { characters, element } from "./dom.js";
import { count, say } from "./language.js";

const CHARACTERS = { head: 400, tail: 800 };
const CELLS = { head: 40, tail: 120 };

/** The <ol> of stages for an answer of /v1/analyze. */
export function stageList(analysis) {
  const { tokens } = analysis;
  const stopwords = tokens.filter((token) => token.fate === "stopword").length;
  const unknown = tokens.filter((token) => token.fate === "unknown").length;
  const cut = tokens.filter((token) => token.fate === "cut off").length;
  const kept = tokens.filter((token) => token.fate !== "stopword");
  return element(
    "ol",
    { class: "stages" },
    stage(
      "stage_raw",
      say(analysis.dropped.length ? "stage_raw_note" : "stage_raw_kept"),
      rawText(analysis),
    ),
    stage("stage_clean", say("stage_clean_note"), cleanText(analysis.cleaned)),
    stage(
      "stage_morphemes",
      say("stage_morphemes_note", { count: count(tokens.length) }),
      chipList("stage_morphemes", tokens, morphemeChip),
      tokens.length ? tagLegend(tokens) : null,
    ),
    stage(
      "stage_stopwords",
      stopwords
        ? say("stage_stopwords_note", { count: count(stopwords) })
        : say("stage_stopwords_none"),
      stopwords
        ? chipList("stage_stopwords", tokens, (token) => morphemeChip(token, { fate: true }))
        : null,
    ),
    stage(
      "stage_ids",
      say("stage_ids_note", { unknown: count(unknown), cut: count(cut) }),
      chipList("stage_ids", kept, idChip),
    ),
    stage("stage_row", rowNote(analysis), paddedRow(analysis.token_ids)),
  );
}

function stage(title, note, ...content) {
  return element(
    "li",
    { class: "stage", data: { stage: title } },
    element("h3", {}, say(title)),
    element("p", { class: "note" }, note),
    ...content,
  );
}

/** The raw text in pieces that a token or a dropped stretch begins or ends. */
function rawText({ raw, dropped, tokens }) {
  const text = characters(raw);
  const box = element("p", { class: "text raw-text" });
  const bounds = new Set([0, text.length]);
  for (const { start, end } of dropped) bounds.add(start).add(end);
  for (const { raw_start, raw_end } of tokens) bounds.add(raw_start).add(raw_end);
  const edges = [...bounds].sort((a, b) => a - b);
  const hiddenFrom = CHARACTERS.head;
  const hiddenTo = text.length - CHARACTERS.tail;
  let skipped = false;
  let drop = 0;
  for (let i = 0; i + 1 < edges.length; i += 1) {
    const [start, end] = [edges[i], edges[i + 1]];
    while (drop < dropped.length && dropped[drop].end <= start) drop += 1;
    if (hiddenTo > hiddenFrom && start >= hiddenFrom && end <= hiddenTo) {
      if (!skipped) {
        box.append(hiddenMark("hidden_characters", hiddenTo - hiddenFrom));
      }
      skipped = true;
      continue;
    }
    const gone = drop < dropped.length && dropped[drop].start <= start;
    const piece = text.slice(start, end).join("");
    const shown = gone ? visible(piece) : piece;
    box.append(element(gone ? "del" : "span", { data: { start, end } }, shown));
  }
  cursor.follow(box, () => highlight(box));
  return box;
}

function highlight(box) {
  const at = cursor.token;
  for (const piece of box.children) {
    const { start, end } = piece.dataset;
    const under = at !== null && Number(start) < at.raw_end && at.raw_start < Number(end);
    piece.classList.toggle("pointed", under);
  }
}

/** Dropped characters that leave no mark on paper get one. */
function visible(piece) {
  return piece.replace(/ /g, "␣").replace(/\r?\n/g, "↵").replace(/[\p{Cc}\p{Cf}\p{Zs}]/gu, "◌");
}

function cleanText(cleaned) {
  if (!cleaned) return element("p", { class: "text empty" }, say("nothing_left"));
  const { head, hidden, tail } = windowed(characters(cleaned), CHARACTERS);
  return element(
    "p",
    { class: "text" },
    head.join(""),
    hidden ? hiddenMark("hidden_characters", hidden) : null,
    tail.join(""),
  );
}

function hiddenMark(key, number) {
  return element("span", { class: "hidden-mark" }, say(key, { count: count(number) }));
}

function rowNote({ token_ids: ids, maxlen }) {
  const pads = ids.filter((id) => id === 0).length;
  return say("stage_row_note", { maxlen: count(maxlen), pads: count(pads) });
}

/** The row as cells; a run of PAD is one cell. */
function paddedRow(ids) {
  const runs = [];
  for (const id of ids) {
    if (id === 0 && runs.at(-1)?.id === 0) runs.at(-1).length += 1;
    else runs.push({ id, length: 1 });
  }
  const { head, hidden, tail } = windowed(runs, CELLS);
  return element(
    "p",
    { class: "row" },
    ...head.map(cell),
    hidden ? hiddenMark("hidden_tokens", hidden) : null,
    ...tail.map(cell),
  );
}

function cell({ id, length }) {
  if (id !== 0) return element("span", { class: id === 1 ? "cell oov" : "cell" }, String(id), " ");
  return element("span", { class: "cell pad" }, `PAD × ${count(length)} `);
}
