/* Splits a query as korean_search.py splits pages: runs of Hangul apart from all else.
   A Korean word that no page holds is read as the longest words that pages do hold, from its
   start; what is left over, such as a particle, asks for nothing. */
function splitQuery(query) {
  const runs =
    query.normalize("NFC").match(/[가-힣ㄱ-ㅎㅏ-ㅣ]+|(?:(?![가-힣ㄱ-ㅎㅏ-ㅣ])[\p{Letter}\p{Number}_])+/gu) || [];
  return runs.flatMap((run) => (/^[가-힣]{2,}$/.test(run) ? koreanWords(run) : [run]));
}

function koreanWords(run) {
  const held = (word) =>
    Object.hasOwn(Search._index.terms, word) || Object.hasOwn(Search._index.titleterms, word);
  const words = [];
  for (let start = 0; start < run.length; ) {
    const shortest = start === 0 && run.length === 2 ? 1 : 2; // of a long word no lone syllable
    let end = run.length;
    while (end - start >= shortest && !held(run.slice(start, end))) end -= 1;
    if (end - start >= shortest) words.push(run.slice(start, end));
    start = Math.max(end, start + 1);
  }
  return words.length ? words : [run];
}
