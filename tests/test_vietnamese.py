"""Vietnamese text: stored in one form, found without marks, sorted as in a dictionary."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.vietnamese import clean, search_key, sort_key

# Written by hand from the order of the dictionary: letters first, then the tone of each syllable.
DICTIONARY = (
    "7 vị",
    "An Khê",
    "Anh",
    "Ăn",
    "Ân",
    "Ba Na",
    "Ba Tơ",
    "Bánh tinh bột nghệ",
    "Bò khô",
    "Cà phê",
    "Chả lụa",
    "Cơm cháy",
    "Cơm cháy chà bông",
    "Cơm rang",
    "Dầu phụng",
    "Dầu phụng Phổ Khánh",
    "Du lịch",
    "Đậu",
    "Đức Phổ",
    "Em",
    "Êm",
    "Khô Bò",
    "Khô Gà",
    "ma",
    "mà",
    "mả",
    "mã",
    "má",
    "mạ",
    "Mắm",
    "Mâm",
    "Nấm Bào Ngư",
    "Nghệ",
    "Ô mai",
    "Ổi",
    "Ơn",
    "Phổ Ninh",
    "Phổ Phong",
    "Phở",
    "Phú",
    "Tỏi",
    "Tôm",
    "Trà",
    "Ức gà",
    "Ướp",
    "Vừng",
    "Xoài",
    "Yến",
)


def test_dictionary_is_sorted_by_plain_comparison_of_the_keys() -> None:
    shuffled = list(DICTIONARY)
    random.Random(2024).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == list(DICTIONARY)


def test_place_of_the_tone_mark_and_case_do_not_sort() -> None:
    assert sort_key("hòa bình") == sort_key("hoà bình") == sort_key("HÒA BÌNH")


def test_foreign_letter_stands_where_its_base_letter_stands() -> None:
    assert sorted(["dz", "Garçon", "garb", "gard"], key=sort_key) == ["dz", "garb", "Garçon", "gard"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Dầu phụng", "dau phung"),
        ("ĐỨC PHỔ", "duc pho"),
        ("Ðức Phổ", "duc pho"),  # eth
        ("  Bánh\u00a0tinh \n bột   nghệ ", "banh tinh bot nghe"),
        ("hòa hoà", "hoa hoa"),
        ("Ơ ở Ư ự Ă ặ Â ậ Ê ệ Ô ộ", "o o u u a a a a e e o o"),
        ("", ""),
    ],
)
def test_search_key_has_neither_marks_nor_case(text: str, key: str) -> None:
    assert search_key(text) == key
    assert search_key(unicodedata.normalize("NFD", text)) == key


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (unicodedata.normalize("NFD", "Phường Nguyễn Nghiêm"), "Phường Nguyễn Nghiêm"),
        ("\ufeff Khô\u00a0Bò\u200b ", "Khô Bò"),
        ("Khô\r\nBò\t(cay)", "Khô Bò (cay)"),
        ("Khô\x00 \x07Bò\ud800", "Khô Bò"),
        ("\u200b", ""),
    ],
)
def test_clean_text_is_one_visible_line_in_nfc(text: str, stored: str) -> None:
    assert clean(text) == stored


@given(st.text())
def test_cleaning_and_keys_are_stable(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert search_key(search_key(text)) == search_key(text) == search_key(clean(text))
    assert sort_key(text) == sort_key(clean(text))


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_keys_do_not_depend_on_the_form_of_unicode(text: str) -> None:
    # Normal forms of the cleaned text: an invisible character between a letter and its mark parts them.
    stored = clean(text)
    forms = [unicodedata.normalize("NFD", stored), unicodedata.normalize("NFC", stored)]
    assert {search_key(form) for form in forms} == {search_key(text)}
    assert {sort_key(form) for form in forms} == {sort_key(text)}
