"""`python -m tests.lab.campaigns`."""

import sys

from tests.lab.campaigns.run import main

sys.exit(main())
