"""`python -m tests.lab.faults`."""

import sys

from tests.lab.faults.run import main

sys.exit(main())
