"""Write the migrations that bring the tables after the models. No database is asked, so none has to run."""

import logging
import os
import warnings

os.environ.setdefault("RENMAI_SECRET_KEY", "writes migrations")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renmai.config.settings")

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    warnings.filterwarnings("ignore", "Got an error checking a consistent migration history")
    logging.disable(logging.WARNING)
    execute_from_command_line(["renmai", "makemigrations"])
