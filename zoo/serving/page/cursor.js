// One cursor for the whole page: the morpheme that every list and picture points at.

class Cursor {
  /** The token pointed at, or null. */
  token = null;
  #followers = new Map();

  point(token) {
    if (token === this.token) return;
    this.token = token;
    for (const [node, action] of this.#followers) {
      if (node.isConnected) action();
      else this.#followers.delete(node);
    }
  }

  /** Run `action` whenever the cursor moves, as long as `node` is in the document. */
  follow(node, action) {
    this.#followers.set(node, action);
  }

  /** Where the pointed token stands in `tokens`, which another model may have cut; -1 for nowhere. */
  indexIn(tokens) {
    const at = this.token;
    if (!at) return -1;
    const same = tokens.findIndex(
      (token) =>
        token.raw_start === at.raw_start && token.raw_end === at.raw_end && token.form === at.form,
    );
    if (same >= 0) return same;
    return tokens.findIndex(
      (token) => token.raw_start < at.raw_end && at.raw_start < token.raw_end,
    );
  }
}

export const cursor = new Cursor();

/** The index an arrow, Home or End key leads to from `index` among `length`; null for other keys. */
export function stepByKey(key, index, length) {
  const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: length - 1 }[key];
  return to === undefined ? null : Math.max(0, Math.min(length - 1, to));
}
