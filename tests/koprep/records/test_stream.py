"""Rows and values stay paired in a stream, and its progress is told."""

import gzip

import pytest

from koprep.tokenizers import get_tokenizer

KOREAN = "배송이 빨라서 좋았어요ㅋㅋㅋㅋ"


@pytest.mark.parametrize("ahead", [1, 7, 1000])
def test_rows_and_values_stay_paired_however_far_the_work_reads_ahead(
    tmp_path, run, jsonl, bad_rows_of, ahead
):
    rows = [{"text": f"t{number}", "id": number} for number in range(100)]
    content = b"[]\n".join(jsonl.write([row]) for row in rows)
    (tmp_path / "a.jsonl").write_bytes(content)

    def work(texts):
        waiting = []
        for text in texts:
            waiting.append(text)
            if len(waiting) == ahead:
                yield from map(str.split, waiting)
                waiting = []
        yield from map(str.split, waiting)

    run(tmp_path / "a.jsonl", tmp_path / "b.jsonl", work, adds="tokens")
    assert jsonl.read((tmp_path / "b.jsonl").read_bytes()) == [
        row | {"tokens": [row["text"]]} for row in rows
    ]
    assert [row.line for row in bad_rows_of(tmp_path / "b.jsonl")] == list(range(2, 199, 2))


def test_threaded_tokens_meet_their_rows(tmp_path, run, jsonl):
    tokenizer = get_tokenizer("kiwi")
    texts = [f"{KOREAN} {'아주 ' * (number % 9)}{number}" for number in range(300)]
    (tmp_path / "a.txt").write_text("\n".join(texts), "utf-8")

    def work(stream):
        return map(tokenizer.render, tokenizer.tokenize_many(stream))

    run(tmp_path / "a.txt", tmp_path / "b.jsonl", work, adds="tokens")
    for row, text in zip(jsonl.read((tmp_path / "b.jsonl").read_bytes()), texts, strict=True):
        assert row == {"text": text, "tokens": tokenizer.render(tokenizer.tokenize(text))}


@pytest.mark.parametrize("suffix", [".txt", ".txt.gz", ".csv", ".tsv", ".jsonl", ".parquet"])
def test_progress_grows_with_the_rows_from_little_to_all(tmp_path, run, formats, suffix):
    """So the file is not read ahead of the work, and the time left can be told."""
    rows = [{"id": str(number), "text": f"{KOREAN} {number}", "note": ""} for number in range(9000)]
    if suffix.startswith(".txt"):
        content = "".join(f"{row['text']}\n" for row in rows).encode()
        content = gzip.compress(content) if suffix.endswith(".gz") else content
    else:
        content = formats[suffix].write(rows)
    source = tmp_path / f"a{suffix}"
    source.write_bytes(content)
    seen = []
    run(source, tmp_path / "out.jsonl", progress=lambda *step: seen.append(step))
    positions, sizes, counts = zip(*seen, strict=True)
    assert set(sizes) == {len(content)}
    assert counts == tuple(range(1, 9001))
    assert list(positions) == sorted(positions)
    assert positions[0] < 0.2 * len(content)
    assert 0.4 * len(content) < positions[4500] < 0.7 * len(content)
    assert positions[-1] == len(content)
