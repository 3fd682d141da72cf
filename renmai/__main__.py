"""``python -m renmai``."""

from __future__ import annotations

from renmai.config.cli import main

if __name__ == "__main__":
    main()
