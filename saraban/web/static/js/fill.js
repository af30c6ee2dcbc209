// A button that fills a form: `data-fill` names the form, `data-fill-…` the fields. For the accounts of a demonstration.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const form = document.querySelector(button.dataset.fill);
  for (const field of form.elements) {
    const value = button.getAttribute(`data-fill-${field.name}`);
    if (field.name && value !== null) field.value = value;
  }
  form.querySelector('[type="submit"]')?.focus();
});
