// Filters leave only what is asked for in the address: empty fields of a form with data-lean are not sent.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("lean" in form.dataset)) return;
  const empty = [...form.elements].filter((field) => field.name && !field.value);
  for (const field of empty) field.disabled = true;
  // Coming back by the browser's button must find the fields usable again.
  setTimeout(() => { for (const field of empty) field.disabled = false; });
});
