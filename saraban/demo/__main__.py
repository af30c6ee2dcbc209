"""`python -m saraban.demo`: prepare what is missing, start everything, serve until interrupted."""

import sys

from saraban.demo.running import main

if __name__ == "__main__":
    sys.exit(main())
