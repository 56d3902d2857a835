"""``make generate``; a fault in a declaration is one line."""

import logging
import sys

from yanbao.base.errors import YanbaoError

try:
    from yanbao.scaffold import generate

    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    generate.main()
except YanbaoError as error:
    sys.exit(error.line())
