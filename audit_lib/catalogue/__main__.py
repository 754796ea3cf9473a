"""`python -m audit_lib.catalogue check|lock`."""

import sys

from audit_lib.catalogue import main

raise SystemExit(main(sys.argv[1:]))
