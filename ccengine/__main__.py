"""``python -m ccengine``."""

import sys

from ccengine.cli.main import main

sys.exit(main())
