// One part of the answer: its question, its place on the page, and its last good result.

import { latestOnly } from "./latest.js";

export class Part {
  #newest = latestOnly();
  #shown = null;

  /**
   * `place` is the element to fill; `question(input, signal)` asks the server, or is null for an
   * input with nothing to ask; `content(answer, input)` gives the nodes to show.
   */
  constructor(place, { question, content }) {
    Object.assign(this, { place, question, content });
  }

  /** Ask and show. Only the newest input is shown; an error leaves the last result standing. */
  async read(input) {
    const { fresh, answer } = await this.#newest((signal) => this.question(input, signal));
    if (!fresh) return;
    this.#shown = { answer, input };
    this.render();
  }

  /** Show the last result again, in the present language. */
  render() {
    if (!this.#shown) return;
    const { answer, input } = this.#shown;
    this.place.replaceChildren(...this.content(answer, input));
  }

  get answer() {
    return this.#shown?.answer ?? null;
  }
}
