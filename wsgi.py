"""The WSGI application: settings from the environment, everything built once."""

import config
from saraban.app import create_app

app = create_app(config.load())
