"""The message catalogues: read at the start, straight from the .po files; there is no build step.

The keys are the English sentences. `python -m service.dashboard.catalogues` brings the files up to date with
the templates and the code; what it adds is empty until somebody translates it, and a test fails till then.
"""

from __future__ import annotations

import io
import sys
from gettext import GNUTranslations
from importlib.resources import files
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from analytics.metrics.catalogue import METRICS

PACKAGE = "service.dashboard"
LOCALES = {"zh": "zh_CN", "en": "en"}
HEADER = """# Three Rings: the words of the pages. Keys are the English sentences; terms are those of docs/dashboard.md.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plural}\\n"

"""
_METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
_KEYWORDS: dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": None,
    "marked": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def marked(message: str) -> str:
    """Marks a sentence for the catalogues where it is written, though it is translated elsewhere."""
    return message


def read_catalogue(language: str) -> Catalog:
    """The catalogue of a language (`zh`, `en`)."""
    path = files(PACKAGE) / "locale" / LOCALES[language] / "LC_MESSAGES" / "messages.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=LOCALES[language])


def load_translations(language: str) -> GNUTranslations:
    """The catalogue of a language, ready to translate."""
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


SHOWN = tuple(METRICS)
"""The metrics that a page opens, which are all: their sentences are translated too."""


def extract() -> Catalog:
    """Every sentence that the templates and the code mark, without a translation."""
    found = Catalog(project="threerings", charset="utf-8")
    folder = str(files(PACKAGE))
    for _, _, message, _, context in extract_from_dir(
        folder, _METHODS, _OPTIONS, keywords=_KEYWORDS, strip_comment_tags=True
    ):
        found.add(message, context=context)
    for name in SHOWN:
        found.add(METRICS[name].sentence)
    return found


def update(language: str, template: Catalog) -> None:
    """Bring a language's file up to date: new sentences are added, forgotten ones dropped."""
    catalogue = read_catalogue(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path = Path(str(files(PACKAGE))) / "locale" / LOCALES[language] / "LC_MESSAGES" / "messages.po"
    path.write_bytes(encode(catalogue, language))


def encode(catalogue: Catalog, language: str) -> bytes:
    """The file of a catalogue: no dates and no places, so that it changes only where a sentence does."""
    plural = Catalog(locale=LOCALES[language]).plural_forms
    head = HEADER.format(language=LOCALES[language], plural=plural)
    body = io.BytesIO()
    write_po(body, catalogue, omit_header=True, sort_output=True, no_location=True, width=100)
    return head.encode() + body.getvalue()


if __name__ == "__main__":
    for each in LOCALES:
        update(each, extract())
    sys.stdout.write("catalogues are up to date\n")
