"""The WSGI application: settings from the environment, everything built once."""

import gc

from click import ClickException

import config
from saraban.app import create_app
from saraban.settings import SettingsError

try:
    app = create_app(config.load())
except SettingsError as error:
    # `flask` tells it in one line and not as an error of the program; a server stops at it as at any other.
    raise ClickException(str(error)) from error
# What was built now stays: whoever looks for what can be thrown away need not go through it while somebody waits.
gc.collect()
gc.freeze()
