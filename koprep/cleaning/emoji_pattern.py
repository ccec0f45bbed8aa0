"""The shape of an emoji, for the steps that must not break one.

Emoji characters are those of Unicode's emoji-data.txt in the BMP; above it the pictograph blocks
are taken whole, so that next year's emoji fit. Sequences follow UTS #51: a picture with its
variation selector or skin tone, several joined by U+200D, a flag, a keycap.
"""

EMOJI_CHARACTERS = (
    "©®‼⁉™ℹ↔-↙↩↪⌚⌛⌨⏏⏩-⏳⏸-⏺Ⓜ▪▫▶◀◻-◾☀-☄☎☑☔☕☘☝☠☢☣☦☪☮☯☸-☺♀♂♈-♓♟♠♣♥♦♨♻♾♿⚒-⚗⚙⚛⚜⚠⚡⚧⚪⚫⚰⚱⚽⚾"
    "⛄⛅⛈⛎⛏⛑⛓⛔⛩⛪⛰-⛵⛷-⛺⛽✂✅✈-✍✏✒✔✖✝✡✨✳✴❄❇❌❎❓-❕❗❣❤➕-➗➡➰➿⤴⤵⬅-⬇⬛⬜⭐⭕〰〽㊗㊙"
    "\U0001f004\U0001f0cf\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a"
    "\U0001f1e6-\U0001f1ff\U0001f201\U0001f202\U0001f21a\U0001f22f\U0001f232-\U0001f23a"
    "\U0001f250\U0001f251\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7f0"
    "\U0001f900-\U0001f9ff\U0001fa70-\U0001faff"
)
"""Every character that is an emoji by itself, as the inside of a ``[...]``."""

_picture = f"[{EMOJI_CHARACTERS}]\ufe0f?[\U0001f3fb-\U0001f3ff]?"

# The longest family has four members and no published sequence more than eight; the bound keeps
# an endless chain of joiners from becoming one endless emoji.
EMOJI_SEQUENCE = (
    "(?:"
    "[0-9#*]\ufe0f?\u20e3"  # keycap
    "|[\U0001f1e6-\U0001f1ff]{2}"  # flag of a country
    "|\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f"  # flag of a region
    f"|{_picture}(?:\u200d{_picture}){{0,7}}"
    ")"
)
