// Of several questions under way only the newest may answer.

/**
 * A function that runs `task(signal)` and resolves to { fresh, answer }. A newer call aborts the
 * older one; whatever that still brings, answer or error, is not fresh.
 */
export function latestOnly() {
  let newest = null;
  return async (task) => {
    newest?.abort();
    const own = new AbortController();
    newest = own;
    try {
      const answer = await task(own.signal);
      return { fresh: own === newest, answer };
    } catch (error) {
      if (own === newest) throw error;
      return { fresh: false };
    }
  };
}

/** Run `action` once no call came for `milliseconds`. */
export function debounce(action, milliseconds) {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}
