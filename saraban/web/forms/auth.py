"""The login form."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, StringField

from saraban.web.forms.guarded import GuardedForm


class LoginForm(GuardedForm):
    """Name and password. `next` is where to go afterwards."""

    username = StringField("ชื่อผู้ใช้")
    password = PasswordField("รหัสผ่าน")
    next = HiddenField()
