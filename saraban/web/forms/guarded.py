"""What every form of the screens is made from."""

from __future__ import annotations

from flask_wtf import FlaskForm


class GuardedForm(FlaskForm):  # type: ignore[misc]  # flask_wtf carries no types
    """A form with the hidden token against forged requests."""
