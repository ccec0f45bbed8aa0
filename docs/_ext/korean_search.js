/* Splits a query as korean_search.py splits pages: runs of Hangul apart from all else.
   A Korean word that no page holds is read without its particles, else as the longest words that
   pages do hold, one after the other; what is left over asks for nothing. */
function splitQuery(query) {
  const runs =
    query.normalize("NFC").match(/[가-힣ㄱ-ㅎㅏ-ㅣ]+|(?:(?![가-힣ㄱ-ㅎㅏ-ㅣ])[\p{Letter}\p{Number}_])+/gu) || [];
  return runs.flatMap((run) => (/^[가-힣]{2,}$/.test(run) ? koreanWords(run) : [run]));
}

const PARTICLES =
  /^(?:에서|에게|으로|까지|부터|처럼|보다|마다|이나|이라|라|을|를|이|가|은|는|의|에|와|과|도|로|만|나)+$/;

function koreanWords(run) {
  const held = (word) =>
    Object.hasOwn(Search._index.terms, word) || Object.hasOwn(Search._index.titleterms, word);
  for (let end = run.length; end > 0; end -= 1) {
    const rest = run.slice(end);
    if (held(run.slice(0, end)) && (rest === "" || PARTICLES.test(rest))) return [run.slice(0, end)];
  }
  const words = [];
  for (let start = 0; start < run.length; ) {
    let end = run.length; // of two syllables at least: single ones stand in any word
    while (end - start > 1 && !held(run.slice(start, end))) end -= 1;
    if (end - start > 1 && !PARTICLES.test(run.slice(start, end))) words.push(run.slice(start, end));
    start = end;
  }
  return words.length ? words : [run];
}
