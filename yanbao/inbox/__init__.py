"""The inbox: one dropped file becomes checked rows, or is refused with one clear line.

Nothing here stores rows or knows the orchestrator; see ``reading.read_file`` for the
entry and ``quarantine.write_quarantine`` for what goes back to the person. The package
imports nothing by itself, so that the command line can look at mappings without paying
for the engines that check rows.
"""
