"""The one time limit of the tests: it ends what hangs, and no test depends on speed."""

HANG_SECONDS = 1800
