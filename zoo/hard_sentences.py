"""Sentences of our own that models of sentiment tend to get wrong; their cards tell which.

None of them is ever trained on.
"""

from __future__ import annotations

HARD_SENTENCES = (
    ("재미없다는 말을 듣고 갔는데 재미없지 않았다", "긍정"),
    ("지루할 틈이 없네요", "긍정"),
    ("이보다 더 좋을 수는 없다", "긍정"),
    ("울다가 나왔어요. 한동안 먹먹했습니다", "긍정"),
    ("왜 이제야 샀는지 후회됩니다", "긍정"),
    ("친구가 하도 욕해서 걱정했는데 괜한 걱정이었다", "긍정"),
    ("포장은 허술했지만 물건은 흠잡을 데가 없어요", "긍정"),
    ("잠이 안 올 때 틀어 두면 딱이네요", "부정"),
    ("배우들 연기는 훌륭한데 그게 전부다", "부정"),
    ("돈이 남아도시면 사세요", "부정"),
    ("아주 훌륭하게 망쳐 놓았다", "부정"),
    ("기대를 안 했는데도 실망할 수 있다니 대단하다", "부정"),
    ("색은 예쁜데 두 번 신고 밑창이 떨어졌어요", "부정"),
    ("별 하나도 아깝지만 예고편은 좋았다", "부정"),
)
"""(text, label): negation, contrast, irony, and words whose feeling the sentence turns round."""
