"""The screens: a view checks a form, makes one call and chooses a page.

Nothing here knows the equipment (storage, mail, crypto, rendering) and nothing here decides; rules live in the domain,
deeds in the use cases, rows for the eye in `saraban.reading`. Start with `filters.py` (Thai words, dates and digits)
and with `templates/base.html` and `templates/components/` (the kit that every screen is built of). `guards.py` says who
comes in, `refusals.py` what is shown when something goes wrong.
"""

from __future__ import annotations

from flask import Flask

from saraban.web import (
    acknowledging,
    addresses,
    admin,
    amending,
    announcements,
    archive,
    archive_many,
    assets,
    auth,
    backups,
    batching,
    boards,
    bookkeeping,
    calendar,
    channels,
    circulating,
    classified,
    copying,
    cosigning,
    coursing,
    deadlines,
    delegations,
    deposits,
    directory,
    disposals,
    duty,
    emblem,
    enlisting,
    entering_many,
    entry,
    errands,
    frame,
    groups,
    guards,
    handovers,
    health,
    help,
    holder,
    holder_links,
    home,
    issued_kinds,
    issued_runs,
    issuing,
    jinja,
    late_stamps,
    linking,
    loans,
    lookups,
    mailboxes,
    matters,
    meeting_letters,
    moving_in,
    notices,
    numbers,
    options,
    outsiders,
    packs,
    petition_form,
    petitions,
    picturing,
    problems,
    progress,
    proving,
    public,
    public_register,
    publications,
    readdressing,
    reads,
    ready,
    reconciling,
    refusals,
    reminding,
    replacing,
    retention,
    room,
    route_tables,
    routing,
    search,
    server_words,
    sessions,
    signatures,
    slips,
    staff,
    stamping,
    standing,
    subscribing,
    tasks,
    templating,
    tracking,
    uploading,
    visits,
)
from saraban.web.filters import register_filters

SCREENS = (
    auth.bp,
    acknowledging.bp,
    home.bp,
    cosigning.bp,  # the blueprint of `letters`, with what drafting and signing together add to it
    ready.bp,
    templating.bp,
    routing.bp,  # the blueprint of `desk`, with its deeds
    backups.bp,
    batching.bp,
    boards.bp,
    progress.bp,
    classified.bp,
    standing.bp,  # the blueprint of `incoming`, with ordinary mail, the work and what becomes of letters later
    tasks.bp,
    circulating.bp,
    coursing.bp,
    route_tables.bp,
    tracking.bp,
    duty.bp,
    notices.bp,
    subscribing.bp,
    calendar.bp,
    problems.bp,
    signatures.bp,
    late_stamps.bp,
    picturing.bp,
    copying.bp,
    entry.bp,  # the blueprint of `registers`, with the page of a line
    amending.bp,
    entering_many.bp,  # the blueprint of `entering`, with what comes in many at once
    numbers.bp,
    bookkeeping.bp,
    emblem.bp,
    addresses.bp,
    options.bp,
    enlisting.bp,  # the blueprint of `organisation`, with what comes in as a sheet
    staff.bp,
    proving.bp,
    reads.bp,
    linking.bp,
    matters.bp,
    reconciling.bp,
    lookups.bp,
    readdressing.bp,
    replacing.bp,
    reminding.bp,
    slips.bp,  # the blueprint of `printing`, with the papers that go with letters
    stamping.bp,
    errands.bp,
    archive.bp,
    archive_many.bp,
    issuing.bp,
    issued_runs.bp,
    holder_links.bp,
    issued_kinds.bp,
    disposals.bp,
    visits.bp,
    handovers.bp,
    loans.bp,
    deposits.bp,
    retention.bp,
    search.bp,
    directory.bp,
    outsiders.bp,
    groups.bp,
    delegations.bp,
    admin.bp,
    mailboxes.bp,
    room.bp,
    moving_in.bp,
    health.bp,
    holder.bp,
    public.bp,
    petition_form.bp,
    meeting_letters.bp,  # the blueprint of `meetings`, with its letters and sheets
    packs.bp,
    petitions.bp,
    announcements.bp,
    public_register.bp,
    publications.bp,
    channels.bp,
    help.bp,
)


def open_door(app: Flask) -> None:
    """Give an application all screens, their guards, words and error pages."""
    jinja.install(app)
    register_filters(app)
    server_words.install(app)
    sessions.install(app)
    assets.install(app)
    guards.install(app)
    classified.install(app)
    frame.install(app)
    deadlines.install(app)
    archive.install(app)
    refusals.install(app)
    uploading.install(app)
    for blueprint in SCREENS:
        app.register_blueprint(blueprint)
