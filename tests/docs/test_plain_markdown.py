"""What of MyST becomes what in a notebook."""

from __future__ import annotations

import pytest
from plain_markdown import plain_markdown


class Titles:
    """Leads to made-up pages."""

    def label(self, label, text):
        return f"[{text or 'title of ' + label}]({label}.ipynb)"

    def document(self, path, text):
        return f"[{text or 'title of ' + path}]({path})"


@pytest.mark.parametrize(
    ("myst", "markdown"),
    [
        pytest.param("# 제목\n\n글 `{ref}`", "# 제목\n\n글 `{ref}`", id="plain text stays"),
        pytest.param("(course-01)=\n# 제목", "# 제목", id="a target is no text"),
        pytest.param("% 지은이에게\n글", "글", id="a comment is no text"),
        pytest.param("{ref}`course-02`", "[title of course-02](course-02.ipynb)", id="label"),
        pytest.param("{ref}`여기 <course-02>`", "[여기](course-02.ipynb)", id="label with a text"),
        pytest.param("{doc}`02-cell`에서", "[title of 02-cell](02-cell)에서", id="page"),
        pytest.param("[둘째](02-cell.md)", "[둘째](02-cell.md)", id="Markdown link to a page"),
        pytest.param(
            "[둘째](#course-02)", "[둘째](course-02.ipynb)", id="Markdown link to a label"
        ),
        pytest.param("[밖](https://a.b/c.md)", "[밖](https://a.b/c.md)", id="the web stays"),
        pytest.param("{math}`x_t`", "$x_t$", id="formula in a sentence"),
        pytest.param("```{math}\nx_t\n```", "$$\nx_t\n$$", id="formula alone"),
        pytest.param("{py:class}`~koprep.Cleaner`", "`koprep.Cleaner`", id="a name of code"),
        pytest.param("{term}`패딩`", "패딩", id="a word of the glossary"),
        pytest.param("```{note}\n글\n```", "> **참고**\n>\n> 글", id="note"),
        pytest.param(
            ":::{admonition} 질문\n:class: tip\n`a`와\n\n{ref}`x`\n:::",
            "> **질문**\n>\n> `a`와\n>\n> [title of x](x.ipynb)",
            id="admonition with a title, an option, paragraphs and a reference",
        ),
        pytest.param(
            "````{tip}\n```python\n{ref} = 1\n```\n````",
            "> **팁**\n>\n> ```python\n> {ref} = 1\n> ```",
            id="code within an admonition",
        ),
        pytest.param("```{code-block} bash\nls\n```", "```bash\nls\n```", id="code block"),
        pytest.param("```text\n{ref}`x`\n```", "```text\n{ref}`x`\n```", id="code is left alone"),
        pytest.param("앞\n```{toctree}\na\n```\n뒤", "앞\n뒤", id="a table of contents goes"),
    ],
)
def test_what_myst_becomes(myst, markdown):
    assert plain_markdown(myst, Titles()) == markdown


@pytest.mark.parametrize("myst", ["```{mermaid}\na\n```", "{glue}`a`"])
def test_what_has_no_plain_form_is_named(myst):
    with pytest.raises(ValueError, match=r"mermaid|glue"):
        plain_markdown(myst, Titles())
