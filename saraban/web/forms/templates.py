"""The forms of templates: the text that their keepers write, and the fields that are asked for when a letter begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import request
from wtforms import HiddenField, StringField, TextAreaField

from saraban.domain.blanks import only_blank
from saraban.domain.templates import FieldKind, TemplateField, TemplateText
from saraban.doorway.dates import NotADate, read_date
from saraban.web.forms.details import typed_details
from saraban.web.forms.guarded import GuardedForm
from saraban.web.forms.letters import LetterForm

KINDS = [(kind.value, kind.thai) for kind in FieldKind]


class TemplateForm(GuardedForm):
    """What stands around the document of a template; the document itself is a `LetterForm` beside it."""

    name = StringField("ชื่อแบบ")
    about = StringField("ใช้เมื่อใด")
    owner = StringField("ใช้ได้ใน")
    enclosures = TextAreaField("สิ่งที่ส่งมาด้วยที่มักแนบ")
    edition = HiddenField()

    letter: LetterForm
    fields: Sequence[TemplateField] = ()
    kinds = KINDS

    @classmethod
    def typed(cls) -> TemplateForm:
        """The form as it was sent."""
        form = cls()
        form.letter = LetterForm.typed()
        form.fields = list(_typed_fields())
        return form

    @classmethod
    def of(cls, text: TemplateText, *, edition: int | None = None, owner: str = "") -> TemplateForm:
        """The form of a text that is there."""
        form = cls(
            formdata=None,
            name=text.name,
            about=text.about,
            owner=owner,
            enclosures="\n".join(text.enclosures),
            edition="" if edition is None else str(edition),
        )
        blanks, plain = _parted(text.content.details)
        form.letter = LetterForm.of_content(replace(text.content, details=plain))
        form.letter.details = {**form.letter.details, **blanks}
        form.fields = text.fields
        return form

    @property
    def edition_seen(self) -> int | None:
        """The edition that the person looked at; None when the form does not say."""
        text = self.edition.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def read(self, today: date) -> tuple[TemplateText, dict[str, str]]:
        """What was typed, as far as it can be read, and by field what cannot be read."""
        typed = self.letter.details
        blanks, plain = _parted(typed)
        self.letter.details = typed_details(self.letter.rule, {f"details.{key}": text for key, text in plain.items()})
        content, wrong = self.letter.read(today)
        self.letter.details = typed
        content = replace(content, details={**content.details, **blanks})
        enclosures = [" ".join(line.split()) for line in (self.enclosures.data or "").splitlines()]
        text = TemplateText(
            name=" ".join((self.name.data or "").split()),
            about=" ".join((self.about.data or "").split()),
            content=content,
            enclosures=tuple(filter(None, enclosures)),
        )
        return text.with_fields({one.name: one for one in self.fields}), wrong


@dataclass(frozen=True)
class AskedField:
    """A field as it is asked for: its name on the page, what was typed, and what is wrong with it."""

    at: str
    field: TemplateField
    value: str = ""
    error: str = ""


def asked(fields: Iterable[TemplateField], typed: Mapping[str, str], wrong: Mapping[str, str]) -> list[AskedField]:
    """The fields of a template with what was typed, by their places on the page."""
    return [
        AskedField(f"field-{n}", one, typed.get(f"field-{n}", ""), wrong.get(one.field, ""))
        for n, one in enumerate(fields)
    ]


def read_values(fields: Iterable[TemplateField], today: date, wrong: dict[str, str]) -> dict[str, str]:
    """What was typed into the fields, by their names; a day that cannot be read is told in `wrong`."""
    values = {}
    for n, one in enumerate(fields):
        text = request.form.get(f"field-{n}", "").strip()
        if one.kind is FieldKind.DAY:
            try:
                day = read_date(text, today)
            except NotADate as error:
                wrong[one.field] = str(error)
                continue
            text = day.isoformat() if day is not None else ""
        values[one.name] = text
    return values


def _typed_fields() -> Iterable[TemplateField]:
    columns = (request.form.getlist(f"field_{part}") for part in ("name", "kind", "required", "hint", "choices"))
    for name, kind, required, hint, choices in zip(*columns, strict=False):
        known = kind in {one.value for one in FieldKind}
        yield TemplateField(
            name=name,
            kind=FieldKind(kind) if known else FieldKind.LINE,
            required=required != "no",
            hint=" ".join(hint.split()),
            choices=tuple(dict.fromkeys(filter(None, (" ".join(one.split()) for one in choices.split("|"))))),
        )


def _parted(details: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The details that are nothing but a blank, and the others."""
    blanks = {key: text.strip() for key, text in details.items() if only_blank(text) is not None}
    return blanks, {key: text for key, text in details.items() if key not in blanks}
