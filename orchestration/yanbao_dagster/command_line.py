"""How a run of ``yanbao run`` is known: its tag in Dagster, and its name as a writer."""

# Its command tells of it: the daemon's alerts leave it out.
STARTED_BY = "yanbao/started_by"
COMMAND_LINE = "command line"
COMMAND = "yanbao run"
