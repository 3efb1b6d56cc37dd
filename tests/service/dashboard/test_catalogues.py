"""Both languages are whole: every sentence of the pages is in both catalogues, and says the same."""

from __future__ import annotations

import io
import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from service.dashboard import labels
from service.dashboard.catalogues import LOCALES, encode, extract, load_translations, read_catalogue
from service.dashboard.words import words
from tests.service.dashboard.people import NOW, ZONE

PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_BOTH = ("%(n)s s",)  # nothing to translate but a unit


def sentences(catalogue: Catalog) -> dict[str, Message]:
    """The messages by their (first) key."""
    return {_key(each): each for each in catalogue if each.id}


def _key(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple) else message.id)


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [str(message.string)]


@pytest.mark.parametrize("language", LOCALES)
def test_every_sentence_is_in_the_catalogue_and_no_other(language: str) -> None:
    """`python -m service.dashboard.catalogues` was run after the last change."""
    assert sentences(read_catalogue(language)).keys() == sentences(extract()).keys()


@pytest.mark.parametrize("language", LOCALES)
def test_a_catalogue_reads_back_as_it_was_written(language: str) -> None:
    """Bringing a file up to date that is up to date changes nothing in it."""
    catalogue = read_catalogue(language)
    again = read_po(io.BytesIO(encode(catalogue, language)), locale=LOCALES[language])
    assert encode(again, language) == encode(catalogue, language)
    assert {key: _strings(each) for key, each in sentences(again).items()} == {
        key: _strings(each) for key, each in sentences(catalogue).items()
    }


@pytest.mark.parametrize("language", LOCALES)
def test_every_sentence_is_translated_with_its_places(language: str) -> None:
    """No empty translation, and every %(name)s of the key is in it, and no other."""
    for key, message in sentences(read_catalogue(language)).items():
        for said in _strings(message):
            assert said, key
            assert set(PLACE.findall(said)) == set(PLACE.findall(key)), key


def test_chinese_is_chinese_and_english_is_the_key() -> None:
    """The Chinese catalogue holds Chinese, the English one the keys themselves."""
    for key, message in sentences(read_catalogue("zh")).items():
        if key not in SAME_IN_BOTH and not key.startswith("%,"):
            assert CHINESE.search(_strings(message)[0]), key
    for key, message in sentences(read_catalogue("en")).items():
        assert _strings(message)[0] == key
        assert not CHINESE.search(key)


def test_chinese_has_no_exclamation_and_full_width_marks() -> None:
    """As the design says: full-width punctuation, no exclamation marks."""
    for message in sentences(read_catalogue("zh")).values():
        for said in _strings(message):
            assert not re.search(r"[！!]|[\u4e00-\u9fff][,;:?]", said), said


@pytest.mark.parametrize("language", LOCALES)
def test_every_member_of_every_enum_has_a_word(language: str) -> None:
    """A member that analytics or the tracker can send has a label in both languages."""
    known = sentences(read_catalogue(language))
    for mapping in (labels.ACTIVITIES, labels.STAGES, labels.DIRECTIONS, labels.DISPOSITIONS, labels.OUTCOMES):
        kind = type(next(iter(mapping)))
        assert set(mapping) == set(kind)
        assert all(label.message in known and label.icon for label in mapping.values())
    for plain in (labels.VISIT_ENDS, labels.TRANSFERS, labels.ENDED_BY):
        assert set(plain) == set(type(next(iter(plain))))
        assert all(message in known for message in plain.values())


def test_plurals_follow_the_language() -> None:
    """English has one and many; Chinese has one form."""
    english, chinese = load_translations("en"), load_translations("zh")
    assert english.ngettext("%(num)s call", "%(num)s calls", 1) == "%(num)s call"
    assert english.ngettext("%(num)s call", "%(num)s calls", 2) == "%(num)s calls"
    assert chinese.ngettext("%(num)s call", "%(num)s calls", 1) == chinese.ngettext(
        "%(num)s call", "%(num)s calls", 2
    )


def test_dates_and_lengths_read_as_the_language_has_them() -> None:
    """By the centre's clock, which is eight hours ahead of the instant."""
    zh, en = words("zh", ZONE), words("en", ZONE)
    assert zh.moment(NOW) == "11 月 20 日 周五 15:42:18"
    assert en.moment(NOW) == "Fri 20 Nov 15:42:18"
    assert zh.month(NOW.date()) == "2026 年 11 月"
    assert en.month(NOW.date()) == "November 2026"
    assert zh.length(224_000) == "3 分 44 秒"
    assert en.length(3_600_000) == "1 h"
    assert en.length(0) == "0 s"
    assert zh.length(None) == "—"
