// The person's own choices, kept in this browser: theme, large type, contrast, single-letter keys.
const store = {
  get(name) {
    try { return localStorage.getItem(`saraban.${name}`) || ""; } catch { return ""; }
  },
  set(name, value) {
    try { localStorage.setItem(`saraban.${name}`, value); } catch { /* a browser that keeps nothing still works */ }
  },
};

const root = document.documentElement;

/** Single letters are on unless the person switched them off. */
export const lettersOn = () => store.get("keys") !== "off";

function applyTheme(value) {
  if (value) root.dataset.theme = value; else delete root.dataset.theme;
  for (const button of document.querySelectorAll('[data-set="theme"]')) {
    button.setAttribute("aria-pressed", String(button.dataset.value === value));
  }
}

const toggles = {
  keys: { isOn: lettersOn, apply: (on) => store.set("keys", on ? "on" : "off") },
  size: {
    isOn: () => store.get("size") === "on",
    apply: (on) => { store.set("size", on ? "on" : ""); if (on) root.dataset.size = "large"; else delete root.dataset.size; },
  },
  contrast: {
    isOn: () => store.get("contrast") === "on",
    apply: (on) => { store.set("contrast", on ? "on" : ""); if (on) root.dataset.contrast = "more"; else delete root.dataset.contrast; },
  },
};

applyTheme(store.get("theme"));
for (const box of document.querySelectorAll("[data-setting]")) box.checked = toggles[box.dataset.setting].isOn();

document.addEventListener("click", (event) => {
  const button = event.target.closest('[data-set="theme"]');
  if (!button) return;
  store.set("theme", button.dataset.value);
  applyTheme(button.dataset.value);
});
document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-setting]");
  if (box) toggles[box.dataset.setting].apply(box.checked);
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
