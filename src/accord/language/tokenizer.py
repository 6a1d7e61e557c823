"""Tokens as Universal Dependencies has them, except that a name stays one token.

spaCy's English rules come first; what is changed here was found by comparing its tokens with those
of the training treebanks (``training/scripts/tokens.py`` prints the differences):

* a hyphen between words is a token of its own (``Russia - backed``), but not after a prefix
  (``de-escalation``, ``anti-tank``) and not in a name with an Arabic article (``al-Sham``);
* curly apostrophes work as straight ones, inside a name (``Hay’at``) and in clitics (``Syria’s``);
* runs of the same mark (``--``, ``!!``, ``...``) are one token;
* ``and/or`` is three tokens; abbreviations of titles, months and addresses keep their stop.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

#: First parts that the treebanks never cut off at the hyphen (affixes; more than two cases each).
# One string of words is easier to read than a list of them, here and below.
# ruff: noqa: SIM905
PREFIXES = (
    "non anti pre pro co re mid cross post over multi ex sub counter semi mini neo socio inter "
    "intra micro un de mis trans ultra super quasi e tele extra infra hyper arch psycho"
).split()

#: Arabic articles, assimilated forms included, as they are written before a hyphen.
ARTICLES = "al el ul ad an ar as ash at az adh ath".split()

_ABBREVIATIONS = (
    "al. No. Nos. Ft. Lt. Gen. Col. Maj. Capt. Sgt. Cpl. Brig. Cmdr. Adm. Sen. Rep. Gov. Pres. "
    "Amb. Mon. Tue. Tues. Wed. Thu. Thur. Thurs. Fri. Sat. Sun. Jan. Feb. Mar. Apr. Jun. Jul. Aug. "
    "Sep. Sept. Oct. Nov. Dec. vs. approx. Dept. Ave. Blvd. St. Mt. Co. Corp. Inc. Ltd. Bros. "
    "Jr. Sr. Prof. Dr. Mr. Mrs. Ms. Rev. Hon. Fig. Vol. vol. Ph.D. M.D. U.S. U.N. "
    "U.K. E.U. U.S.A. D.C. U.A.E. a.m. p.m. A.M. P.M. e.g. i.e. i.c. ed. cf."
).split()

#: Exceptions of spaCy's that the treebanks do not share.
_UNWANTED = frozenset("and/or id Id ID ill Ill well Well hell Hell shell Shell".split())

_CLITICS = {"wanna": "wan na", "Wanna": "Wan na", "gonna": "gon na", "Gonna": "Gon na",
            "gotta": "got ta", "Gotta": "Got ta", "cannot": "can not", "Cannot": "Can not",
            "CANNOT": "CAN NOT"}  # fmt: skip

_PHONE = r"\+?(?:\d{1,2}-)?(?:\(?\d{3}\)?-)?\d{3}-\d{4}"


def _anycase(word: str) -> str:
    """A regular expression of fixed width for a word in any case (for look-behinds)."""
    return "".join(f"[{c.lower()}{c.upper()}]" for c in word)


def _infixes(defaults: list[str]) -> list[str]:
    """Rules for marks inside a run of characters without spaces."""
    article = "|".join(rf"(?<=\b{_anycase(a)})" for a in ARTICLES)
    no_prefix = "".join(rf"(?<!\b{_anycase(p)})" for p in PREFIXES)
    kept = [rule for rule in defaults if not rule.startswith(rf"(?<=[{ALPHA}0-9])(?:-|–")]
    return [
        r"\.\.+|…|--+|—|–|!!+|\?\?+|<<+|>>+|==+|\*\*+|~~+",
        rf"(?<=[{ALPHA}’'])(?!(?:{article})-[{ALPHA_UPPER}]){no_prefix}-(?=[{ALPHA}0-9])",
        rf"(?<=[0-9%°])-(?=[{ALPHA}])",
        rf"(?<=[{ALPHA}]\.)-(?=[{ALPHA}0-9])",
        r"(?<=[0-9])(?=(?i:am|pm|a\.m\.|p\.m\.)\b)",
        rf"(?<=[{ALPHA_LOWER}])[\])](?=[{ALPHA}])|(?<=[{ALPHA}0-9])[\[(](?=[{ALPHA}0-9])",
        rf"(?<=[{ALPHA}])[:;](?=[{ALPHA}0-9“”\"‘’])",
        r"[“”\"«»]",
        *kept,
    ]


def build(nlp: Language) -> Tokenizer:
    """Build the tokenizer for a pipeline's vocabulary."""
    defaults = nlp.Defaults
    rules = {
        key: value
        for key, value in (defaults.tokenizer_exceptions or {}).items()
        if key not in _UNWANTED
    }
    for short in _ABBREVIATIONS:
        for form in {short, short.upper()}:
            rules[form] = [{"ORTH": form}]
    for word, parts in _CLITICS.items():
        rules[word] = [{"ORTH": part} for part in parts.split()]
    runs = [
        r"\.\.+",
        r"--+",
        r"!!+",
        r"\?\?+",
        r"[!?]+(?=[!?])",
        r"<<+",
        r">>+",
        r"==+",
        r"\*\*+",
        r"__+",
        r"~~+",
        r"##+",
    ]
    prefixes = [*runs, r"[!?]+", "-(?=[^0-9])", *(defaults.prefixes or [])]
    suffixes = [
        *runs,
        r"[!?]+",
        r"(?<=[^\s])[’'‘`][sS]",
        r"(?<=[^0-9])-",
        *(defaults.suffixes or []),
    ]
    infixes = _infixes([str(rule) for rule in defaults.infixes or []])
    return Tokenizer(
        nlp.vocab,
        rules=rules,
        prefix_search=compile_prefix_regex(prefixes).search,
        suffix_search=compile_suffix_regex(suffixes).search,
        infix_finditer=compile_infix_regex(infixes).finditer,
        token_match=re.compile(rf"(?:{_PHONE})$").match,
        url_match=defaults.url_match,
    )


@registry.tokenizers("accord.Tokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """Return the factory that a pipeline's config names as ``accord.Tokenizer.v1``."""
    return build
