// The one entry: each module looks after one thing and may be read alone. Modules with `enhance` are run again on what
// htmx puts into the page; the others listen on the document.
import "./settings.js";
import "./back.js";
import "./invokers.js";
import "./keyboard.js";
import "./requests.js";
import "./copy.js";
import "./menus.js";
import "./swipe.js";
import "./print.js";
import "./lean.js";
import "./strips.js";
import "./fill.js";
import "./chooses.js";
import "./bell.js";
import "./uploading.js";
import { enhance as rows } from "./rows.js";
import { enhance as pile } from "./pile.js";
import { enhance as combobox } from "./combobox.js";
import { enhance as filedrop } from "./filedrop.js";
import { enhance as drafts } from "./drafts.js";
import { enhance as editor } from "./editor.js";
import { enhance as people } from "./people.js";
import { enhance as typed } from "./typed.js";
import { enhance as days } from "./days.js";
import { enhance as blanks } from "./blanks.js";
import { enhance as preview } from "./preview.js";
import { enhance as stamp } from "./stamp.js";
import { enhance as signpad } from "./signpad.js";
import { enhance as entry } from "./entry.js";
import { enhance as entryOffers } from "./entryoffers.js";
import { enhance as entryScans } from "./entryscans.js";
import { enhance as entryGrid } from "./entrygrid.js";

const all = [rows, pile, combobox, filedrop, people, drafts, editor, preview, stamp, signpad, entryOffers, entry, entryScans, entryGrid, typed, days, blanks];
const run = (root) => all.forEach((enhance) => enhance(root));

run(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) run(event.detail.elt);
});
document.querySelector("[data-focus]")?.focus();
document.documentElement.dataset.ready = "yes";
