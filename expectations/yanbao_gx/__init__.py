"""Great Expectations: the suites of both gates, and the one module that runs them."""

import os

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when Great Expectations is imported
