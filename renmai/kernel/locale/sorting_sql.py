"""The order of text inside PostgreSQL: the bytes of ``sort_key``, made by a function of the database.

Names bring their key along in a column. What a company's own fields hold has none: it is ordered, and its index built, by this function.
It is written from the same tables as the Python, and never changed once it is there: indexes rest on what it says. Each order of Han
characters has a function of its own, so that a company that changes its language gets other indexes, not wrong ones.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from renmai.kernel.locale import sorting
from renmai.kernel.locale.digits import INVISIBLE
from renmai.kernel.locale.sorting import HanOrder, company_order, weights_of

RARE_HAN = range(0x20000, 0x40000)
COMPATIBLE_HAN = range(0xF900, 0xFB00)
SURROGATES = range(0xD800, 0xE000)
HANGUL = range(0xAC00, 0xD7A4)
HAN = range(0x3400, 0xA000)
GENERIC = ("01", "01")

FUNCTION = """
CREATE FUNCTION {name}(given text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $renmai$
DECLARE
  t text := given; c text; code int; rank int; weight jsonb; apart text; is_han boolean;
  digits text := ''; letters text := ''; accents text := ''; cases text := '';
BEGIN
  IF octet_length(t) <> length(t) THEN
    t := normalize(t, NFKC);
    IF t ~ '[{odd}]' THEN t := translate(t, '{changed}', '{digits}'); END IF;
  END IF;
  t := left(btrim(t, '{blanks}'), {most});
  IF octet_length(t) <> length(t) THEN
    t := regexp_replace(t, '\u0e4d([\u0e48-\u0e4b]?)\u0e32', '\\1\u0e33', 'g');
    t := regexp_replace(t, '([\u0e40-\u0e44])([\u0e01-\u0e2e])', '\\2\\1', 'g');
  END IF;
  FOREACH c IN ARRAY string_to_array(t, NULL) || ARRAY[''] LOOP
    code := ascii(c);
    IF code BETWEEN 48 AND 57 THEN
      digits := digits || c;
      CONTINUE;
    END IF;
    IF digits <> '' THEN
      digits := ltrim(digits, '0');
      letters := letters || '10' || lpad(to_hex(length(digits)), 2, '0') || encode(digits::bytea, 'hex');
      accents := accents || '01';
      digits := '';
    END IF;
    weight := '{exceptions}'::jsonb -> c;
    IF weight IS NOT NULL THEN
      letters := letters || (weight ->> 0);
      accents := accents || (weight ->> 1);
      cases := cases || (weight ->> 2);
      CONTINUE;
    END IF;
    rank := 0;
    IF code BETWEEN {first_han} AND {last_han} THEN
      rank := get_byte('\\x{ranks}'::bytea, 2 * (code - {first_han})) * 256 + get_byte('\\x{ranks}'::bytea, 2 * (code - {first_han}) + 1);
    END IF;
    IF rank > 0 THEN
      letters := letters || 'c0' || lpad(to_hex(rank), 4, '0');
      accents := accents || '01';
    ELSIF code BETWEEN {first_hangul} AND {last_hangul} THEN
      apart := normalize(c, NFD);
      letters := letters || '50' || lpad(to_hex(ascii(apart)), 6, '0');
      accents := accents || '01';
      FOREACH c IN ARRAY string_to_array(substr(apart, 2), NULL) LOOP
        accents := accents || lpad(to_hex(2 + ascii(c) % 125), 2, '0');
      END LOOP;
      cases := cases || '01';
    ELSIF code BETWEEN {first_rare} AND {last_rare} OR code < {first_rare} AND get_bit('\\x{letters}'::bytea, code::bigint) = 1 THEN
      is_han := code >= {first_rare} OR code BETWEEN {first_han} AND {last_han} OR code BETWEEN {first_compatible} AND {last_compatible};
      letters := letters || CASE WHEN is_han THEN 'd0' ELSE '50' END || lpad(to_hex(code), 6, '0');
      accents := accents || '01';
      cases := cases || '01';
    END IF;
  END LOOP;
  RETURN decode(letters, 'hex') || '\\x00'::bytea || rtrim(decode(accents, 'hex'), '\\x01'::bytea)
    || '\\x00'::bytea || rtrim(decode(cases, 'hex'), '\\x01'::bytea);
END $renmai$
"""


def function(han: HanOrder | None = None) -> str:
    """The name of the function for an order of Han characters; for that of the company by default."""
    return f"renmai_order_{han or company_order()}"


def install_sorting(using: str = DEFAULT_DB_ALIAS, **_rest: Any) -> None:
    """Make the function for the company's order where it is missing; before each migration, so that indexes can be built over it."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regprocedure(%s) IS NULL", [f"{function()}(text)"])
        if cursor.fetchone()[0]:
            cursor.execute(definition(company_order()))


def definition(han: HanOrder) -> str:
    """The function, written from the tables that Python goes by."""
    exceptions, letters = _weighed(han)
    changed = [character for character in _characters() if character.isdecimal() and not character.isascii()]
    told = "".join(changed) + "".join(map(chr, sorted(INVISIBLE)))
    return FUNCTION.format(
        name=function(han),
        odd=told,
        changed=told,
        digits="".join(str(unicodedata.decimal(character)) for character in changed),
        blanks="".join(character for character in _characters() if character.isspace()),
        most=sorting.MAX_CHARACTERS,
        exceptions=json.dumps(exceptions, ensure_ascii=False, separators=(",", ":")).replace("'", "''"),
        ranks=weights_of(han).ranks_as_bytes().hex(),
        letters=letters.hex(),
        first_rare=RARE_HAN[0],
        last_rare=RARE_HAN[-1],
        first_compatible=COMPATIBLE_HAN[0],
        last_compatible=COMPATIBLE_HAN[-1],
        first_han=HAN[0],
        last_han=HAN[-1],
        first_hangul=HANGUL[0],
        last_hangul=HANGUL[-1],
    )


def _characters() -> Iterator[str]:
    """All but NUL, which no text of PostgreSQL holds."""
    return map(chr, range(1, sys.maxunicode + 1))


def _weighed(han: HanOrder) -> tuple[dict[str, list[str]], bytes]:
    """Weights, as hex, of the characters that follow no rule, and a bit for each of those that are letters like any other."""
    weights, exceptions, letters = weights_of(han), {}, bytearray(RARE_HAN[0] // 8)
    for point in range(1, RARE_HAN[0]):
        character = chr(point)
        if point in SURROGATES or point in HANGUL or character.isdecimal() or weights.has_rank(character):
            continue
        letter, accent, case = (part.hex() for part in weights[character])
        if (accent, case) == GENERIC and letter[2:] == f"{point:06x}":
            letters[point // 8] |= 1 << point % 8
        elif letter or accent or case:
            exceptions[character] = [letter, accent, case]
    return exceptions, bytes(letters)
