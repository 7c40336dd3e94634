"""Checks every Jinja2 template under the folders given: it compiles, and it keeps to a few rules that protect readers.

Usage: python tools/lint_templates.py src
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError

SUFFIXES = (".jinja", ".j2", ".html.jinja", ".svg.jinja")

# What is forbidden, and the reason a person is given.
RULES = {
    r"\|\s*safe\b": "`|safe` switches escaping off; build the markup in a template or return Markup from tested code",
    r"{%-?\s*autoescape\s+false": "escaping stays on",
    r"<script(?! src=\"{{ script }}\" defer>)[^>]*\ssrc=": "no script but the server's own, which passkeys need",
    r"""(?:\ssrc|srcset|<link[^>]*\shref)=["'](?:https?:)?//""": "nothing is fetched from another host",
    r"@import|url\(\s*[\"']?(?:https?:)?//": "nothing is fetched from another host",
    r"\son[a-z]+=[\"']": "no inline event handlers: pages work without JavaScript",
    r"<img(?![^>]*\salt=)[^>]*>": "every image has an alt text, empty if it only decorates",
    r"\stabindex=[\"'][1-9]": "the keyboard follows the order of the page",
    r"<(?:center|font|marquee|blink)\b": "this element is obsolete",
}


def template_files(folders: list[str]) -> Iterator[Path]:
    """Templates by suffix, and every HTML file inside a folder called templates."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            in_templates = "templates" in path.parts and path.suffix in {".html", ".svg"}
            if path.is_file() and (path.name.endswith(SUFFIXES) or in_templates):
                yield path


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Line and reason of each fault in one template."""
    environment = Environment(undefined=StrictUndefined, autoescape=True, extensions=["jinja2.ext.do"])
    try:
        environment.parse(text)
    except TemplateSyntaxError as error:
        yield error.lineno, f"does not compile: {error.message}"
    without_comments = re.sub(r"{#.*?#}", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    for pattern, reason in RULES.items():
        for found in re.finditer(pattern, without_comments, flags=re.IGNORECASE):
            yield without_comments.count("\n", 0, found.start()) + 1, reason


def main(folders: list[str]) -> int:
    """Prints each fault as path:line and returns how the process should end."""
    count = faulty = 0
    for path in template_files(folders):
        count += 1
        for line, reason in sorted(faults(path.read_text(encoding="utf-8"))):
            faulty += 1
            print(f"{path}:{line}: {reason}")
    print(f"Templates: {count} read, {faulty} faults.")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["src"]))
