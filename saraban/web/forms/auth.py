"""The login form."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField


class LoginForm(FlaskForm):  # type: ignore[misc]
    """Name and password. `next` is where to go afterwards."""

    username = StringField("ชื่อผู้ใช้")
    password = PasswordField("รหัสผ่าน")
    next = HiddenField()
