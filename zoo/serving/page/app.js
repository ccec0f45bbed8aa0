// The page: what is typed goes to the server, each part of the answer to its place.

import { answerSentence } from "./answer.js";
import { ask } from "./api.js";
import { chosen, offer, onChoice } from "./choices.js";
import { byId, element } from "./dom.js";
import { generation } from "./generation.js";
import { currentLanguage, LANGUAGES, say, setLanguage } from "./language.js";
import { debounce } from "./latest.js";
import { partsOf } from "./parts.js";
import { readAddress, writeAddress } from "./permalink.js";
import { recall, remember } from "./preferences.js";
import { SAMPLES } from "./samples.js";
import { theme } from "./theme.js";
import { clearTrouble, showTrouble } from "./trouble.js";

const PAUSE = 350; // ms without a key before the text is read
const SLOW = 400; // ms before a wait is shown

const review = byId("review");
const language = byId("language");

let models = null;
let parts = {};
let newest = null;

/** Read what stands in the form now. */
async function read() {
  readSoon.cancel();
  const input = { text: review.value, ...chosen() };
  newest = input;
  writeAddress({ ...input, language: currentLanguage() });
  setBusy(true);
  const wait = setTimeout(() => (byId("busy").hidden = false), SLOW);
  const results = await Promise.allSettled(Object.values(parts).map((part) => part.read(input)));
  clearTimeout(wait);
  if (newest !== input) return;
  setBusy(false);
  const failed = results.find(({ status }) => status === "rejected");
  if (failed) {
    showTrouble(failed.reason, read);
    return;
  }
  clearTrouble();
  announce();
}

/** Tell the answer to those who listen. */
function announce() {
  byId("status").textContent = answerSentence(parts.answer.answer);
}

const readSoon = debounce(read, PAUSE);

function setBusy(busy) {
  if (!busy) byId("busy").hidden = true;
  for (const { place } of Object.values(parts)) place.setAttribute("aria-busy", String(busy));
}

function report(error) {
  if (error) showTrouble(error, read);
  else clearTrouble();
}

/** Words that name a model, which data-say cannot. */
function fillSentences() {
  if (!models) return;
  byId("stages-intro").textContent = say("stages_intro", { model: chosen().model });
  byId("comparison-intro").textContent = say("comparison_intro");
  const generator = models.find(({ kind }) => kind === "generator");
  byId("generation-note").textContent = generator
    ? say("generation_note", { model: generator.name })
    : say("generation_no_model");
}

function switchLanguage(name) {
  setLanguage(name);
  language.value = currentLanguage();
  fillSentences();
  for (const part of Object.values(parts)) part.render();
  if (parts.answer?.answer) announce();
}

/** Take up what the address asks for; what it leaves open stays as it is. */
function followAddress() {
  const wanted = readAddress();
  if (wanted.text !== null) review.value = wanted.text;
  if (wanted.language) switchLanguage(wanted.language);
  offer(models, wanted);
  fillSentences();
  read();
}

async function copyLink() {
  let words = "link_copied";
  try {
    await navigator.clipboard.writeText(location.href);
  } catch {
    words = "link_not_copied";
  }
  byId("copied").textContent = say(words);
  setTimeout(() => byId("copied").replaceChildren(), 4000);
}

function listen() {
  review.addEventListener("input", readSoon);
  review.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    read();
  });
  byId("review-form").addEventListener("submit", (event) => {
    event.preventDefault();
    read();
  });
  byId("copy-link").addEventListener("click", copyLink);
  onChoice(() => {
    fillSentences();
    read();
  });
  language.addEventListener("change", () => {
    remember("language", language.value);
    switchLanguage(language.value);
    if (newest) writeAddress({ ...newest, language: currentLanguage() });
  });
  window.addEventListener("hashchange", followAddress);
  byId("samples").append(...SAMPLES.map(sampleButton));
}

function sampleButton(text) {
  const choose = () => {
    review.value = text;
    read();
  };
  return element("li", {}, element("button", { type: "button", on: { click: choose } }, text));
}

const startAgain = debounce(start, 1000);

/** Ask what is served, again every second while the server opens its models; then read. */
async function start() {
  startAgain.cancel();
  try {
    const served = await ask("v1/models");
    if (models) return;
    models = served.models;
  } catch (error) {
    showTrouble(error, start);
    if (error.kind === "busy") startAgain();
    return;
  }
  clearTrouble();
  parts = partsOf(models, report);
  generation(models.find(({ kind }) => kind === "generator")?.name, report);
  followAddress();
}

const preferred = readAddress().language ?? recall("language");
review.value = SAMPLES[0];
switchLanguage(LANGUAGES.includes(preferred) ? preferred : "ko");
theme(() => {
  for (const part of Object.values(parts)) part.render();
});
listen();
start();
