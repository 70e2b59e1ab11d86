"""Start the command line: ``python -m vizgraph``."""

import sys

from vizgraph.cli import main

sys.exit(main())
