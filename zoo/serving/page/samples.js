// Reviews to begin with, written for this page. Each shows something: a turn of mind, negation,
// markup and repeats, emoji, names, missing spaces.

export const SAMPLES = [
  "초반은 조금 지루했는데 갈수록 빠져들었어요... 음악도 정말 좋네요ㅠㅠㅠㅠ!!",
  "안 재미있다는 말만 믿고 안 봤으면 크게 후회할 뻔했다.",
  "배송은 빨랐는데<br>포장이 엉망이고 화면에 금이 가 있었어요;;;;; 환불 요청합니다",
  "ㅋㅋㅋㅋㅋㅋㅋ 이게 왜 웃긴 거지??? 두 시간이 너무 아깝다 😡😡",
  "한서윤 감독이 3년 만에 부산에서 찍은 신작, 지난 10월 5일 서울 시사회에서 먼저 봤습니다.",
  "이야기는별로였지만배우들연기가다살렸네요",
];
