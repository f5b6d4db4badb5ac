"""Run a command of this project: migrate, runserver, post_sales."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "till.settings")
    execute_from_command_line(sys.argv)
