"""Vietnamese from before Unicode: text of the fonts of TCVN3 (.VnTime) and VNI, recognised and put straight.

Such a font drew `«` as ô; without it the letters of a text are wrong. A text is taken for one only if it
holds signs that no Vietnamese word has, and if every word that holds foreign letters becomes a syllable as
Vietnamese builds them. So `Müsli`, `½ kg` and `Trà®` stay what they are.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

#: stands for the soft hyphen of TCVN3 (its ư), which cleaning would drop as invisible
SOFT: Final = "\ue0ad"

_TCVN3: Final = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xad\ue0adõøö÷ùúýûüþ¡¢§£¤¥¦μ",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưưừứửữựỳýỷỹỵĂÂĐÊÔƠƯà",
)
_TCVN3_SIGNS: Final = re.compile(r"[µ¸¶·¹¨»¾¼½Æ©ÇËÎÏÑªÖ×ØÜÞßäåæç«ëîïñ¬ø÷öûüþ®§¡¢£¤¥¦\xad\ue0adμ]")

_VNI_TONES: Final = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_BREVE: Final = dict(zip("êéèúüë", "ăắằẳẵặ", strict=True))
_VNI_CIRCUMFLEX: Final = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_ALONE: Final = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_PAIR: Final = re.compile(r"(?P<vowel>[aeouôöy])(?P<sign>[ùøûõïêéèúüëâáàåãä])|[ñôöæóòî]", re.IGNORECASE)
_VNI_SIGNS: Final = re.compile(r"[aeouôöy][ùøûïõ]|[aeo][âåä]|a[êúüë]|ñ|ö", re.IGNORECASE)

_ONSET: Final = r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?"
_RIME: Final = (
    r"(?:uyê|uya|uyu|iêu|yêu|ươi|ươu|uôi|oai|oay|oao|oeo|uai|uây|iê|yê|uô|ươ|ia|ya|ua|ưa|oa|oă|oe|oo|uâ|uê|uy|uơ"
    r"|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|[aăâeêioôơuưy])"
)
_SYLLABLE: Final = re.compile(_ONSET + _RIME + r"(?:ng|nh|ch|[cmnpt])?")
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_LAST_OF_LATIN_1: Final = "\xff"


class Font(StrEnum):
    """A family of fonts from before Unicode."""

    TCVN3 = "TCVN3 (.VnTime)"
    VNI = "VNI"


def font_of(text: str) -> Font | None:
    """Return the old font that a text was typed in; nothing if it is no such text."""
    if text.isascii():
        return None
    signs = {Font.VNI: _VNI_SIGNS, Font.TCVN3: _TCVN3_SIGNS}
    return next((font for font in signs if signs[font].search(text) and put_straight(text, font)), None)


def put_straight(text: str, font: Font) -> str | None:
    """Return a text of an old font in Unicode; nothing if it cannot be of that font.

    Args:
        text: one cell; a soft hyphen may stand in it as `SOFT`.
        font: the font; a text without its telling signs is converted too, for its neighbours may have some.
    """
    words, changed = text.split(" "), False
    for place, word in enumerate(words):
        if word.isascii() or not any(letter.isalpha() for letter in word.replace(SOFT, "a")):
            continue
        if any(letter > _LAST_OF_LATIN_1 and letter not in SOFT + "μ" for letter in word):
            return None  # a letter that only Unicode has: the cell is straight already
        straight = _from_vni(word) if font is Font.VNI else word.translate(_TCVN3)
        parts = [part for part in re.split(r"[^\w]+", straight) if part]
        if not all(part.isascii() or _is_syllable(part) for part in parts):
            return None
        words[place], changed = straight, changed or straight != word
    if not changed:
        return None
    straight = unicodedata.normalize("NFC", " ".join(words))
    # .VnTimeH draws small letters as capitals; only the plain ones are capitals in the text
    plain = [letter for letter in text if letter.isascii() and letter.isalpha()]
    capitals = font is Font.TCVN3 and len(plain) > 1 and all(letter.isupper() for letter in plain)
    return straight.upper() if capitals else straight


def without_soft(text: str) -> str:
    """Return the text without the stand-in for a soft hyphen, as it is kept where no old font was meant."""
    return text.replace(SOFT, "")


def _is_syllable(word: str) -> bool:
    letters = unicodedata.normalize("NFD", word.lower())
    toneless = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
    return bool(_SYLLABLE.fullmatch(toneless))


def _from_vni(word: str) -> str:
    def straight(found: re.Match[str]) -> str:
        whole = found[0]
        if found["vowel"] is None:
            return _cased(whole, _VNI_ALONE[whole.lower()])
        vowel, sign = found["vowel"], found["sign"].lower()
        base = _VNI_ALONE.get(vowel.lower(), vowel.lower())
        if sign in _VNI_TONES:
            letter = base + _VNI_TONES[sign]
        elif vowel.lower() == "a" and sign in _VNI_BREVE:
            letter = _VNI_BREVE[sign]
        elif vowel.lower() in "aeo" and sign in _VNI_CIRCUMFLEX:
            letter = base + "\u0302" + _VNI_CIRCUMFLEX[sign]
        else:
            return whole
        return _cased(vowel, unicodedata.normalize("NFC", letter))

    return _VNI_PAIR.sub(straight, word)


def _cased(like: str, letter: str) -> str:
    return letter.upper() if like[0].isupper() else letter


__all__ = ["SOFT", "Font", "font_of", "put_straight", "without_soft"]
