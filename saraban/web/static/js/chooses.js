// A field that belongs to a choice makes it: whoever types a range has chosen the range.
document.addEventListener("input", (event) => {
  const wanted = event.target.dataset?.chooses;
  if (!wanted || !event.target.value) return;
  const choice = event.target.form?.querySelector(`input[type="radio"][value="${wanted}"]`);
  if (choice) choice.checked = true;
});
