// Every word the page shows, in both languages. {name} marks what is filled in.

export const STRINGS = {
  title: { ko: "koprep 놀이터", en: "koprep playground" },
  tagline: {
    ko: "순환 신경망이 한국어를 읽는 모습",
    en: "Watch a recurrent network read Korean",
  },
  skip: { ko: "본문으로", en: "Skip to the content" },
  language: { ko: "언어", en: "Language" },
  theme: { ko: "화면 색", en: "Colours" },
  theme_auto: { ko: "자동", en: "Auto" },
  theme_light: { ko: "밝게", en: "Light" },
  theme_dark: { ko: "어둡게", en: "Dark" },
  footer: {
    ko: "이 페이지는 자신을 보낸 서버하고만 이야기합니다. 쓴 글은 다른 곳으로 가지 않습니다.",
    en: "This page talks to the server it came from and to nothing else.",
  },

  review: { ko: "리뷰", en: "Review" },
  review_hint: {
    ko: "쓰는 대로 읽습니다. 바로 읽으려면 Enter, 줄을 바꾸려면 Shift+Enter.",
    en: "Read as you type. Enter reads at once, Shift+Enter breaks the line.",
  },
  run: { ko: "읽기", en: "Read" },
  copy_link: { ko: "링크 복사", en: "Copy link" },
  link_copied: { ko: "링크를 복사했습니다.", en: "The link is copied." },
  link_not_copied: {
    ko: "복사하지 못했습니다. 주소창의 주소가 이 글의 링크입니다.",
    en: "Copying failed. The address bar holds the link to this text.",
  },
  samples: { ko: "보기 글", en: "Samples" },
  classifier: { ko: "모델", en: "Model" },
  busy: { ko: "읽는 중…", en: "Reading…" },

  answer: { ko: "답", en: "Answer" },
  answer_waiting: { ko: "모델이 답을 준비합니다.", en: "The model prepares its answer." },
  answer_said: {
    ko: "{model}: {label} {percent}",
    en: "{model}: {label} {percent}",
  },
  answer_empty: {
    ko: "읽을 형태소가 없습니다. 아래 확률은 글을 보지 않은 모델의 첫 생각입니다.",
    en: "There is nothing to read. These probabilities are what the model thinks of no text at all.",
  },
  label_negative: { ko: "부정", en: "negative" },
  label_positive: { ko: "긍정", en: "positive" },
  label_부정: { ko: "부정", en: "negative" },
  label_긍정: { ko: "긍정", en: "positive" },
  label_others: { ko: "다른 라벨", en: "other labels" },

  stages: { ko: "글자에서 숫자로", en: "From characters to numbers" },
  stages_intro: {
    ko: "{model} 모델이 읽기 전에 거치는 단계입니다. 형태소에 마우스를 올리거나 글쇠로 옮겨 가면 원문의 자리가 표시됩니다.",
    en: "What the text goes through before {model} reads it. Point at a morpheme, or move to it with the keys, to see its place in the raw text.",
  },
  stage_raw: { ko: "원문", en: "Raw text" },
  stage_raw_note: {
    ko: "줄을 그은 글자는 정제에서 빠지거나 바뀝니다.",
    en: "Struck characters are dropped or changed by cleaning.",
  },
  stage_raw_kept: { ko: "정제에서 빠진 글자가 없습니다.", en: "Cleaning drops nothing here." },
  stage_clean: { ko: "정제한 글", en: "Clean text" },
  stage_clean_note: {
    ko: "유니코드를 맞추고, 태그와 되풀이한 글자를 정리했습니다.",
    en: "One Unicode form, without markup and long repeats.",
  },
  stage_morphemes: { ko: "형태소", en: "Morphemes" },
  stage_morphemes_note: {
    ko: "형태소 {count}개. 색은 품사의 갈래입니다.",
    en: "{count} morphemes. The colour is the kind of tag.",
  },
  stage_stopwords: { ko: "불용어", en: "Stopwords" },
  stage_stopwords_note: {
    ko: "흐리게 줄을 그은 {count}개는 모델이 보지 않습니다.",
    en: "The model does not see the {count} greyed and struck.",
  },
  stage_stopwords_none: {
    ko: "이 글에서 빠지는 불용어가 없습니다.",
    en: "No stopword is dropped from this text.",
  },
  stage_ids: { ko: "정수 인코딩", en: "Ids" },
  stage_ids_note: {
    ko: "어휘에 없는 형태소 {unknown}개(OOV), 자리가 모자라 잘린 형태소 {cut}개.",
    en: "{unknown} not in the vocabulary (OOV), {cut} cut off for want of room.",
  },
  stage_row: { ko: "패딩한 줄", en: "Padded row" },
  stage_row_note: {
    ko: "모델이 읽는 정수 {maxlen}개입니다. 앞의 {pads}개가 PAD(0)입니다.",
    en: "The {maxlen} integers the model reads; {pads} of them are PAD (0).",
  },
  nothing_left: { ko: "남은 것이 없습니다.", en: "Nothing is left." },
  hidden_tokens: { ko: "… {count}개 줄임 …", en: "… {count} more …" },
  hidden_characters: { ko: "… {count}자 줄임 …", en: "… {count} characters more …" },
  unknown: { ko: "모름", en: "unknown" },
  cut_off: { ko: "잘림", en: "cut off" },
  stopword: { ko: "불용어", en: "stopword" },
  legend: { ko: "품사의 갈래", en: "Kinds of tags" },
  place_in_text: { ko: "원문 {start}–{end}번째 글자", en: "raw characters {start}–{end}" },

  kind_noun: { ko: "체언", en: "nouns" },
  kind_predicate: { ko: "용언", en: "verbs, adjectives" },
  kind_modifier: { ko: "수식언", en: "modifiers" },
  kind_particle: { ko: "조사", en: "particles" },
  kind_ending: { ko: "어미", en: "endings" },
  kind_affix: { ko: "접사, 어근", en: "affixes, roots" },
  kind_symbol: { ko: "기호, 외국어, 수", en: "symbols, foreign, numbers" },
  kind_other: { ko: "그 밖", en: "other" },

  comparison: { ko: "읽는 동안", en: "While it reads" },
  comparison_intro: {
    ko: "같은 글을 SimpleRNN, LSTM, GRU가 왼쪽에서 오른쪽으로 읽습니다. 모든 그림이 한 형태소를 함께 가리킵니다.",
    en: "SimpleRNN, LSTM and GRU read the same text from left to right. All pictures point at the same morpheme.",
  },
  comparison_none: {
    ko: "이 서버에는 안을 들여다볼 수 있는 모델이 없습니다. 나머지 기능은 그대로 쓸 수 있습니다.",
    en: "This server has no model that can be looked into. Everything else works.",
  },
  comparison_empty: {
    ko: "읽을 형태소가 없어 그릴 것이 없습니다.",
    en: "There is no morpheme to read, so nothing to draw.",
  },
  comparison_unchosen: {
    ko: "비교할 모델을 하나 이상 고르세요.",
    en: "Choose at least one model to compare.",
  },
  compared_models: {
    ko: "비교할 모델 (셋까지)",
    en: "Models to compare (up to three)",
  },
  cursor: { ko: "형태소 자리", en: "Morpheme" },
  cursor_none: {
    ko: "그림 위에 마우스를 올리거나 막대를 옮겨 보세요.",
    en: "Point at a picture or move the slider.",
  },
  cursor_place: { ko: "{place}/{count}", en: "{place} of {count}" },
  earlier_tokens: {
    ko: "마지막 형태소 {shown}개만 그렸습니다. 앞의 {count}개는 그리지 않았습니다.",
    en: "Only the last {shown} morphemes are drawn; {count} before them are not.",
  },

  curve: { ko: "형태소마다 달라지는 확률", en: "Probability after each morpheme" },
  curve_note: {
    ko: "여기까지 읽고 글이 끝났다면 답했을 ‘{label}’ 확률입니다.",
    en: "The probability of “{label}” had the text ended there.",
  },
  curve_alt: {
    ko: "{label} 확률의 꺾은선. {ends}.",
    en: "Line of the probability of {label}. {ends}.",
  },
  heatmap: { ko: "은닉 상태", en: "Hidden state" },
  heatmap_note: {
    ko: "가로는 형태소, 세로는 은닉 유닛입니다. 유닛은 마지막 값이 큰 것부터 놓았습니다.",
    en: "Morphemes across, units down. Units are ordered by their last value, the greatest on top.",
  },
  heatmap_alt: {
    ko: "{model}의 은닉 상태 열지도. 형태소 {count}개, 유닛 {units}개, 값은 {low}에서 {high}까지.",
    en: "Heat map of the hidden state of {model}: {count} morphemes, {units} units, values from {low} to {high}.",
  },
  units: { ko: "유닛", en: "units" },
  unit: { ko: "유닛 {number}", en: "unit {number}" },
  gates: { ko: "게이트", en: "Gates" },
  gates_note: {
    ko: "유닛 전체의 평균입니다. 0은 닫힘, 1은 열림.",
    en: "The mean over all units. 0 is shut, 1 is open.",
  },
  gates_none: {
    ko: "SimpleRNN에는 게이트가 없습니다. 앞의 상태가 매번 통째로 다시 계산됩니다.",
    en: "A SimpleRNN has no gates: its whole state is computed anew at every step.",
  },
  gates_alt: { ko: "{model}의 게이트 평균 막대. {means}.", en: "Bars of the mean gates of {model}. {means}." },
  gate_input: { ko: "입력", en: "input" },
  gate_forget: { ko: "망각", en: "forget" },
  gate_output: { ko: "출력", en: "output" },
  gate_update: { ko: "갱신", en: "update" },
  gate_reset: { ko: "초기화", en: "reset" },
  gate_mean: { ko: "{gate} 평균 {value}", en: "{gate} mean {value}" },
  importance: { ko: "형태소의 중요도", en: "Importance of each morpheme" },
  importance_note: {
    ko: "그 형태소를 가리면 ‘{label}’의 로그 오즈 ln(p/(1−p))가 얼마나 떨어지는지입니다. 0보다 크면 {label} 편, 작으면 {other} 편입니다.",
    en: "How far the log odds ln(p/(1−p)) of “{label}” fall without the morpheme: above 0 it speaks for {label}, below 0 for {other}.",
  },
  importance_alt: {
    ko: "{model}의 형태소 중요도 막대. 가장 큰 것은 {form} {value}.",
    en: "Bars of importance for {model}. The greatest is {form} at {value}.",
  },
  picture_of: { ko: "{model}: {picture}", en: "{model}: {picture}" },
  save_png: { ko: "PNG 저장", en: "Save PNG" },
  save_png_of: { ko: "PNG 저장: {picture}", en: "Save PNG: {picture}" },
  as_table: { ko: "표로 보기", en: "As a table" },
  as_table_of: { ko: "표: {picture}", en: "Table: {picture}" },
  morpheme: { ko: "형태소", en: "Morpheme" },
  tag: { ko: "품사", en: "Tag" },
  error_png: { ko: "그림을 저장하지 못했습니다.", en: "The picture could not be saved." },

  entities: { ko: "개체명", en: "Named entities" },
  entities_note: {
    ko: "{model} 모델이 글에서 찾은 이름입니다.",
    en: "The names {model} finds in the text.",
  },
  entities_none: { ko: "이 글에서 찾은 개체명이 없습니다.", en: "No named entity in this text." },
  entities_no_model: {
    ko: "이 서버에는 개체명을 찾는 모델이 없습니다.",
    en: "This server has no model that finds named entities.",
  },
  entity_PS: { ko: "사람", en: "person" },
  entity_LC: { ko: "장소", en: "place" },
  entity_OG: { ko: "기관", en: "organization" },
  entity_DT: { ko: "날짜", en: "date" },
  entity_TI: { ko: "시간", en: "time" },
  entity_QT: { ko: "수량", en: "quantity" },

  generation: { ko: "다음 말 잇기", en: "Write on" },
  generation_note: {
    ko: "{model} 모델이 형태소를 하나씩 뽑아 뒤를 잇습니다.",
    en: "{model} draws one morpheme after another.",
  },
  generation_no_model: {
    ko: "이 서버에는 글을 잇는 모델이 없습니다.",
    en: "This server has no model that writes on.",
  },
  prompt: { ko: "첫머리", en: "Beginning" },
  prompt_example: { ko: "오늘 저녁에는", en: "오늘 저녁에는" },
  temperature: { ko: "온도", en: "Temperature" },
  temperature_note: { ko: "낮으면 얌전하게, 높으면 엉뚱하게", en: "low is tame, high is wild" },
  top_k: { ko: "후보 수 (top-k)", en: "Choices (top-k)" },
  seed: { ko: "시드", en: "Seed" },
  generate: { ko: "잇기", en: "Write" },
  stop: { ko: "멈추기", en: "Stop" },
  generated_tokens: { ko: "뽑은 형태소", en: "Drawn morphemes" },
  generation_stopped: { ko: "멈췄습니다.", en: "Stopped." },
  generation_end: { ko: "형태소 {count}개를 이었습니다.", en: "{count} morphemes were written." },
  not_a_number: {
    ko: "‘{field}’에는 {low}부터 {high}까지의 수를 쓰세요.",
    en: "“{field}” takes a number from {low} to {high}.",
  },

  retry: { ko: "다시 시도", en: "Try again" },
  error_offline: {
    ko: "서버에 닿지 않습니다. koprep serve가 켜져 있는지 확인하고 다시 시도하세요.",
    en: "The server cannot be reached. Check that koprep serve is running, then try again.",
  },
  error_busy: {
    ko: "서버가 바쁩니다. {seconds}초쯤 뒤에 다시 시도하세요.",
    en: "The server is busy. Try again in about {seconds} s.",
  },
  error_too_long: {
    ko: "글이 너무 깁니다. 조금 줄여서 다시 시도하세요.",
    en: "The text is too long. Shorten it and try again.",
  },
  error_key: {
    ko: "이 서버는 API 키를 요구합니다. 키를 넣으세요.",
    en: "This server asks for an API key. Enter it here.",
  },
  error_refused: {
    ko: "서버가 받지 않았습니다: {detail}",
    en: "The server refused: {detail}",
  },
  error_broken: {
    ko: "서버에서 문제가 생겼습니다. 잠시 뒤에 다시 시도하세요.",
    en: "Something went wrong on the server. Try again in a while.",
  },
  api_key: { ko: "API 키", en: "API key" },
  use_key: { ko: "키 쓰기", en: "Use the key" },
};
