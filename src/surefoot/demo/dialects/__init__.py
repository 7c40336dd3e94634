"""The same known answers in every dialect: files as survey tools would have written them, and what each of them loses.

`DIALECTS` is a table: a writer and its losses. Reading a file back gives `expected(answers, losses)`.
"""

from surefoot.demo.dialects.expected import LOSSES, expected
from surefoot.demo.dialects.table import DIALECTS, Dialect, losses_table, write_dialect

__all__ = ["DIALECTS", "LOSSES", "Dialect", "expected", "losses_table", "write_dialect"]
