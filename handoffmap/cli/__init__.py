"""The command line: the one place that prints, reads the environment and decides exit codes.

Exit codes, the same for every command and format: 0 nothing at or above `--fail-on`; 1 findings; 2 could not
do the job (usage, unreadable or invalid file, crash); 3 nothing was checked.

Only click is imported at the top: `--help` and `--version` cost what click costs. A command is imported when it is
run, and imports what it needs.
"""

from handoffmap.cli.exit_codes import FAILED, FINDINGS, NOTHING_CHECKED
from handoffmap.cli.program import main

__all__ = ["FAILED", "FINDINGS", "NOTHING_CHECKED", "main"]
