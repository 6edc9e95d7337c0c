"""Which currencies a sign, a code or a word may mean."""

import sys
import unicodedata
from functools import cache

from babel.numbers import list_currencies

USD = "USD"

_DOLLARS = "AUD CAD NZD HKD SGD TWD MXN ARS CLP COP UYU BRL JMD TTD BSD BBD BZD FJD NAD BND XCD KYD LRD SRD GYD BMD"
_MEANT_BY = {
    "$": f"USD {_DOLLARS}",
    "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD",
    "sg$": "SGD", "nt$": "TWD", "mx$": "MXN", "r$": "BRL",
    "€": "EUR", "£": "GBP EGP GIP FKP LBP SYP SDG SSP SHP", "₹": "INR", "¥": "JPY CNY", "￥": "JPY CNY", "cn¥": "CNY",
    "元": "CNY TWD", "rmb": "CNY", "₽": "RUB", "руб": "RUB BYN", "руб.": "RUB BYN", "₺": "TRY", "tl": "TRY",
    "₴": "UAH", "грн": "UAH", "₦": "NGN", "₱": "PHP", "₫": "VND", "₩": "KRW KPW", "₪": "ILS", "฿": "THB",
    "₸": "KZT", "₵": "GHS", "৳": "BDT", "₨": "INR PKR LKR NPR MUR SCR", "rs": "INR PKR LKR NPR MUR SCR",
    "rs.": "INR PKR LKR NPR MUR SCR", "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK", "zł": "PLN", "zl": "PLN",
    "kč": "CZK", "ft": "HUF", "lei": "RON MDL", "лв": "BGN", "лв.": "BGN", "fr.": "CHF XAF XOF XPF", "sfr.": "CHF",
    "r": "ZAR", "rp": "IDR", "rm": "MYR", "ksh": "KES", "dh": "AED MAD", "dhs": "AED MAD",
    "usd": "USD", "eur": "EUR", "gbp": "GBP", "inr": "INR", "cad": "CAD", "aud": "AUD", "chf": "CHF", "pln": "PLN",
    "dollar": f"USD {_DOLLARS}", "dollars": f"USD {_DOLLARS}", "euro": "EUR", "euros": "EUR",
    "pound": "GBP EGP", "pounds": "GBP EGP", "rupee": "INR PKR LKR NPR MUR SCR", "rupees": "INR PKR LKR NPR MUR SCR",
}  # fmt: skip
"""In any letter case; of several currencies the sign alone tells none, but for those of `_TAKEN_ALONE`."""
_TAKEN_ALONE = {"$": "USD", "dollar": "USD", "dollars": "USD", "£": "GBP", "pound": "GBP", "pounds": "GBP"}

SIGNS = sorted(_MEANT_BY, key=len, reverse=True)
"""Signs and words, valid in any letter case, the longest first."""
CODES = sorted(list_currencies())
"""Codes (ISO 4217), valid in capitals, since 'all' and 'top' are words too."""
OTHER_SIGNS = "".join(c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Sc")
"""Every character that Unicode calls a sign of a currency, as one text."""


@cache
def currencies_of(name: str) -> frozenset[str]:
    """The codes (ISO 4217) that a sign, a word or a code may mean; a sign of none that is known here means itself."""
    if name.lower() in _MEANT_BY:
        return frozenset(_MEANT_BY[name.lower()].split())
    return frozenset([name.strip().upper()])


def is_code(name: str) -> bool:
    """Whether ISO 4217 knows, or knew, the three letters as a currency."""
    return name in list_currencies()


def told_alone(name: str) -> str | None:
    """The one currency that the sign or code means where nothing else names one; None where it may be several."""
    meant = currencies_of(name)
    return _TAKEN_ALONE.get(name.lower()) or (next(iter(meant)) if len(meant) == 1 else None)
