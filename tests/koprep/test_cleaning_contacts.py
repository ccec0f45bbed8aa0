"""Which links, addresses and numbers are found, and which only look like one."""

import pytest

from koprep import cleaning


@pytest.mark.parametrize("link", ["ftp://a.b/c", "https://a.b/", "www.a.b"])
def test_links_of_every_kind(link):
    assert cleaning.replace_urls(f"{link}에서") == "[URL]에서"


@pytest.mark.parametrize("text", ["awww.nice", "www./", "www.-", "ftp//a.b"])
def test_what_is_no_link_stays(text):
    assert cleaning.replace_urls(text) == text


def test_a_link_holds_what_addresses_hold_and_ends_before_closing_punctuation():
    for ch in "._~:/?#@!$&'()*+,;=%-":
        assert cleaning.replace_urls(f"http://a{ch}b에서") == "[URL]에서", ch
    for ch in "Zz09_~/#@$&*+=%-":
        assert cleaning.replace_urls(f"http://a.b/c{ch}에서") == "[URL]에서", ch
    for ch in ".,:;!?'()":
        assert cleaning.replace_urls(f"http://a.b/c{ch} 봄") == f"[URL]{ch} 봄", ch


@pytest.mark.parametrize("address", ["a_b@x.kr", "a%b@x.kr", "a-b@x.kr", "A9@b-c.d9.kr"])
def test_addresses_of_every_character(address):
    assert cleaning.replace_emails(f"{address}로") == "[EMAIL]로"


def test_a_top_level_name_has_two_letters():
    assert cleaning.replace_emails("a@b.c a@b.c1") == "a@b.c a@b.c1"


def test_resident_numbers_begin_with_a_birthday_and_a_digit_from_1_to_8():
    def masked(number):
        return cleaning.replace_resident_numbers(number) == "[RRN]"

    assert [m for m in range(100) if masked(f"90{m:02}15-1234567")] == list(range(1, 13))
    assert [d for d in range(100) if masked(f"9001{d:02}-1234567")] == list(range(1, 32))
    assert [n for n in range(10) if masked(f"900115-{n}234567")] == list(range(1, 9))
    assert all(masked(f"900115{gap}1234567") for gap in ("", "-", " ", " -", "- ", " - "))
    assert not any(masked(f"900115{gap}1234567") for gap in ("  ", "--", "."))
    assert not masked("900115-12345678")
    assert not masked("900115-1*******")


def test_numbers_are_those_of_the_numbering_plan():
    def masked(number):
        return cleaning.replace_phones(number) == "[PHONE]"

    mobile = {10, 11, *range(16, 20)}
    areas = {2, *range(31, 34), *range(41, 45), *range(51, 56), *range(61, 65)}
    areas |= {70, 80, *range(502, 509)}
    assert {n for n in range(1000) if masked(f"0{n}-123-4567")} == mobile | areas
    nationwide = {1522, 1533, 1544, 1566, 1577, 1588, 1599, 1644, 1661, 1666, 1670, 1688}
    nationwide |= {1811, 1833, 1855, 1877, 1899}
    assert {n for n in range(1000, 10_000) if masked(f"{n}-1234")} == nationwide


@pytest.mark.parametrize(
    "number",
    [
        "+82-2-123-4567", "+82 31 123 4567", "+821012345678", "+82.10.1234.5678",
        "02)123-4567", "(02) 123-4567", "02.123.4567", "02 1234-5678", "010 1234-5678",
    ],
)  # fmt: skip
def test_numbers_are_written_in_many_ways(number):
    assert cleaning.replace_phones(f"{number}로") == "[PHONE]로"


@pytest.mark.parametrize(
    ("step", "found"),
    [
        (cleaning.replace_urls, "http://a.b/c"),
        (cleaning.replace_emails, "a@b.kr"),
        (cleaning.replace_phones, "010-1234-5678"),
        (cleaning.replace_resident_numbers, "900101-1234567"),
        (cleaning.replace_emoji, "😂"),
    ],
)
def test_what_is_found_may_be_kept_or_leave_a_space(step, found):
    assert step(f"가 {found}나", mode="keep") == f"가 {found}나"
    assert step(f"가 {found}나", mode="remove") == "가  나"
