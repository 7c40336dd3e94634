"""Takes the addresses of pictures out of a built style sheet: `python strip.py built.css > static/surefoot.css`."""

import re
import sys
from pathlib import Path

NOTICE = "/* NHS.UK frontend, MIT licence, copyright NHS England; built from style/surefoot.scss */\n"

if __name__ == "__main__":
    text = Path(sys.argv[1]).read_text(encoding="utf-8").removeprefix("\ufeff")
    sys.stdout.write(NOTICE + re.sub(r"url\([^)]*\)", "none", text))
