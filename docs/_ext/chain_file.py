"""Write the README's picture of the chain: `python docs/_ext/chain_file.py`.

The drawing is that of the site's first page, from a real run of the model that comes with koprep,
with colours of its own for light and dark pages.
"""

from __future__ import annotations

from pathlib import Path

from chain_picture import WIDE, draw_chain, run_chain

TEXT = "배송이 너무 빨라요!!!! ㅋㅋㅋㅋ"
FILE = Path(__file__).parents[1] / "_static" / "chain.svg"

STYLE = """
  svg { --ink: #1f2933; --faint: #5b6770; --box: #e3f1ef; --edge: #0b6b64; --pad: #eceff1; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e6edf3; --faint: #9aa7b0; --box: #12403c; --edge: #6fd3c7; --pad: #2a3138; }
  }
  text { font: 16px "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic",
    sans-serif; fill: var(--ink); dominant-baseline: central; }
  .name { font-weight: 600; }
  .korean { font-weight: 400; fill: var(--faint); }
  .cell { text-anchor: middle; font-size: 15px; }
  .chip { fill: var(--box); }
  .pad { fill: var(--pad); }
  .share { fill: var(--edge); opacity: 0.35; }
  .answer { font-weight: 600; }
"""


def picture() -> str:
    """Return the drawing as an SVG file that stands alone."""
    stages, answer, share = run_chain("review-sentiment", TEXT)
    told = f"{TEXT} → " + " → ".join(
        f"{stage.name}: {' '.join(stage.cells)}" for stage in stages[1:-1]
    )
    head, *body = draw_chain(WIDE, stages, answer, share, told)
    head = head.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return "\n".join([head, f"<style>{STYLE}</style>", *body, ""])


if __name__ == "__main__":
    FILE.write_text(picture(), encoding="utf-8")
