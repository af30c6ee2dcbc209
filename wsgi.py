"""The WSGI application: settings from the environment, everything built once."""

import gc

import config
from saraban.app import create_app

app = create_app(config.load())
# What was built now stays: whoever looks for what can be thrown away need not go through it while somebody waits.
gc.collect()
gc.freeze()
