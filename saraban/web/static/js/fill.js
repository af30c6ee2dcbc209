// A button that fills a form: `data-fill` names the form, `data-fill-…` the fields, `data-fill-focus` what has the focus then
// (else the button that sends the form). For what is proposed, and for the accounts of a demonstration.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const form = document.querySelector(button.dataset.fill);
  for (const field of form.elements) {
    const value = field.name ? button.getAttribute(`data-fill-${field.name}`) : null;
    if (value === null) continue;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.querySelector(button.dataset.fillFocus || '[type="submit"]')?.focus();
});
