"""From the text of a formula to its tree, by precedence (V. R. Pratt, "Top down operator precedence", 1973)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from renmai.kernel.formula.errors import BadFormula
from renmai.kernel.formula.tree import Binary, Call, Literal, Name, Node, Unary

LONGEST = 2_000
DEEPEST = 30
LONGEST_NUMBER = 20
TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    | (?P<sign><=|>=|<>|!=|==|[-+*/%<>=(),])
    )""",
    re.VERBOSE,
)
BINDS = {"or": 1, "and": 2, "=": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
NOT_BINDS, MINUS_BINDS = 3, 7
SPELT = {"==": "=", "<>": "!="}
TRUTHS = {"true": True, "false": False}
END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: what it is, how it reads, and where it stands."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a formula, then one that says that it is over.

    Raises:
        BadFormula: a sign that means nothing here.
    """
    place = 0
    end = len(text.rstrip())
    while place < end:
        found = TOKEN.match(text, place)
        if found is None:
            at = place + len(text[place:]) - len(text[place:].lstrip())
            raise BadFormula(_("“%(sign)s” means nothing in a formula.") % {"sign": text[at]}, at)
        kind = str(found.lastgroup)
        piece = found[kind]
        if kind == "name" and piece.lower() in {"and", "or", "not"}:
            kind, piece = "sign", piece.lower()
        yield Token(kind, SPELT.get(piece, piece) if kind == "sign" else piece, found.start(kind))
        place = found.end()
    yield Token(END, "", end)


def parse(text: str) -> Node:
    """The tree of a formula.

    Raises:
        BadFormula: it makes no sense, with where.
    """
    if len(text) > LONGEST:
        raise BadFormula(_("The formula is longer than %(limit)s characters.") % {"limit": LONGEST}, LONGEST)
    parser = Parser(list(tokens(text)))
    node = parser.expression(0)
    if parser.now.kind != END:
        raise BadFormula(_("Something is missing before “%(text)s”.") % {"text": parser.now.text}, parser.now.at)
    return node


class Parser:
    """Walks the pieces once."""

    def __init__(self, pieces: list[Token]) -> None:
        self.pieces, self.place, self.depth = pieces, 0, 0

    @property
    def now(self) -> Token:
        """The piece that comes next."""
        return self.pieces[self.place]

    def take(self) -> Token:
        """The next piece, passed."""
        self.place += 1
        return self.pieces[self.place - 1]

    def expect(self, sign: str) -> None:
        """Pass a sign that has to stand here."""
        if self.now.kind != "sign" or self.now.text != sign:
            raise BadFormula(_("“%(sign)s” is missing here.") % {"sign": sign}, self.now.at)
        self.take()

    def expression(self, binds: int) -> Node:
        """What stands here, as far as operators bind it more tightly than ``binds``."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadFormula(_("The formula is nested too deeply."), self.now.at)
        left = self.operand()
        while self.now.kind == "sign" and BINDS.get(self.now.text, 0) > binds:
            sign = self.take()
            left = Binary(sign.text, left, self.expression(BINDS[sign.text]), sign.at)
        self.depth -= 1
        return left

    def operand(self) -> Node:
        """A value, a name, a call, or something in brackets or behind ``-`` and ``not``."""
        piece = self.take()
        match piece.kind, piece.text:
            case "number", text:
                return Literal(_number(piece), piece.at)
            case "text", text:
                return Literal(text[1:-1], piece.at)
            case "name", text if text.lower() in TRUTHS:
                return Literal(TRUTHS[text.lower()], piece.at)
            case "name", text:
                return self.call(piece) if self.now.text == "(" and self.now.kind == "sign" else Name(text, piece.at)
            case "sign", "(":
                inner = self.expression(0)
                self.expect(")")
                return inner
            case "sign", "-" | "not" as sign:
                return Unary(sign, self.expression(MINUS_BINDS if sign == "-" else NOT_BINDS), piece.at)
            case "end", _rest:
                raise BadFormula(_("A value is missing at the end."), piece.at)
        raise BadFormula(_("A value is missing before “%(text)s”.") % {"text": piece.text}, piece.at)

    def call(self, name: Token) -> Node:
        """A function with its arguments, in brackets and between commas."""
        self.expect("(")
        arguments: list[Node] = []
        while self.now.text != ")" or self.now.kind != "sign":
            if arguments:
                self.expect(",")
            arguments.append(self.expression(0))
        self.take()
        return Call(name.text.lower(), tuple(arguments), name.at)


def _number(piece: Token) -> Decimal:
    if len(piece.text) > LONGEST_NUMBER:
        raise BadFormula(_("The number is too large."), piece.at)
    return Decimal(piece.text)
