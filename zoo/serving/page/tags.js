// Part-of-speech tags: the kind that gives a morpheme its colour, and what a tag stands for.

// Sejong tags (Kiwi, MeCab, Komoran), by their first letters; the longest match counts.
const SEJONG_KINDS = {
  N: "noun",
  V: "predicate",
  M: "modifier",
  IC: "modifier",
  J: "particle",
  E: "ending",
  XR: "affix",
  XP: "affix",
  XS: "affix",
  S: "symbol",
  W_: "symbol",
  Z_: "other",
};

// The tags of Okt.
const OKT_KINDS = {
  Noun: "noun",
  Verb: "predicate",
  Adjective: "predicate",
  Determiner: "modifier",
  Adverb: "modifier",
  Conjunction: "modifier",
  Exclamation: "modifier",
  Modifier: "modifier",
  VerbPrefix: "affix",
  Suffix: "affix",
  Josa: "particle",
  PreEomi: "ending",
  Eomi: "ending",
  Punctuation: "symbol",
  Foreign: "symbol",
  Alpha: "symbol",
  Number: "symbol",
  KoreanParticle: "symbol",
  Hashtag: "symbol",
  ScreenName: "symbol",
  Email: "symbol",
  URL: "symbol",
};

export const KINDS = [
  "noun",
  "predicate",
  "modifier",
  "particle",
  "ending",
  "affix",
  "symbol",
  "other",
];

const NAMES = {
  NNG: ["일반 명사", "common noun"],
  NNP: ["고유 명사", "proper noun"],
  NNB: ["의존 명사", "dependent noun"],
  NR: ["수사", "numeral"],
  NP: ["대명사", "pronoun"],
  VV: ["동사", "verb"],
  VA: ["형용사", "adjective"],
  VX: ["보조 용언", "auxiliary predicate"],
  VCP: ["긍정 지정사", "copula"],
  VCN: ["부정 지정사", "negative copula"],
  MM: ["관형사", "determiner"],
  MAG: ["일반 부사", "adverb"],
  MAJ: ["접속 부사", "conjunctive adverb"],
  IC: ["감탄사", "interjection"],
  JKS: ["주격 조사", "subject particle"],
  JKC: ["보격 조사", "complement particle"],
  JKG: ["관형격 조사", "genitive particle"],
  JKO: ["목적격 조사", "object particle"],
  JKB: ["부사격 조사", "adverbial particle"],
  JKV: ["호격 조사", "vocative particle"],
  JKQ: ["인용격 조사", "quotative particle"],
  JX: ["보조사", "auxiliary particle"],
  JC: ["접속 조사", "conjunctive particle"],
  EP: ["선어말 어미", "pre-final ending"],
  EF: ["종결 어미", "final ending"],
  EC: ["연결 어미", "connective ending"],
  ETN: ["명사형 전성 어미", "nominalizing ending"],
  ETM: ["관형형 전성 어미", "adnominal ending"],
  XPN: ["체언 접두사", "noun prefix"],
  XSN: ["명사 파생 접미사", "noun suffix"],
  XSV: ["동사 파생 접미사", "verb suffix"],
  XSA: ["형용사 파생 접미사", "adjective suffix"],
  XSM: ["부사 파생 접미사", "adverb suffix"],
  XR: ["어근", "root"],
  SF: ["종결 부호", "final punctuation"],
  SP: ["구분 부호", "separator"],
  SS: ["인용 부호와 괄호", "quote or bracket"],
  SSO: ["여는 부호", "opening bracket"],
  SSC: ["닫는 부호", "closing bracket"],
  SE: ["줄임표", "ellipsis"],
  SO: ["붙임표", "dash"],
  SW: ["기타 기호", "other symbol"],
  SL: ["로마자", "Latin letters"],
  SH: ["한자", "Chinese characters"],
  SN: ["숫자", "number"],
  SB: ["순서 있는 글머리", "list marker"],
  UN: ["분석하지 못함", "not analysed"],
  W_EMOJI: ["이모지", "emoji"],
  W_URL: ["URL", "URL"],
  W_EMAIL: ["전자 우편 주소", "e-mail address"],
  W_HASHTAG: ["해시태그", "hashtag"],
  W_MENTION: ["멘션", "mention"],
  W_SERIAL: ["일련번호", "serial number"],
};

/** One of KINDS, for a tag of any tokenizer. */
export function kindOfTag(tag) {
  if (Object.hasOwn(OKT_KINDS, tag)) return OKT_KINDS[tag];
  for (const length of [2, 1]) {
    const start = tag.slice(0, length);
    if (tag === tag.toUpperCase() && Object.hasOwn(SEJONG_KINDS, start)) return SEJONG_KINDS[start];
  }
  return "other";
}

/** What a tag stands for; VA-I (irregular) is told as VA. Empty where the table has no words. */
export function nameOfTag(tag, language) {
  const bare = tag.split("-")[0];
  return Object.hasOwn(NAMES, bare) ? NAMES[bare][language === "ko" ? 0 : 1] : "";
}
