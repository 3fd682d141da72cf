"""A small language for values that follow from other values: ``if(amount > 1000, amount * 0.1, 0)``.

``docs/reference/formulas.md`` tells what can be written. It is parsed to a tree, typed against a record type, and compiled to SQL; the
database alone works it out, so that there is one meaning.
"""

from renmai.kernel.formula.compile import Compiled, compile_formula
from renmai.kernel.formula.errors import BadFormula

__all__ = ["BadFormula", "Compiled", "compile_formula"]
