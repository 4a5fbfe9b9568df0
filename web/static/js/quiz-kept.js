// Answers that did not reach the server yet, kept on this device until they
// do: a lost network, a closed tab or a crash loses none of them.
export function keptFor(attempt) {
  const key = `quiz-${attempt}`;
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      return {};
    }
  };
  const write = (all) => {
    try {
      if (Object.keys(all).length) localStorage.setItem(key, JSON.stringify(all));
      else localStorage.removeItem(key);
    } catch {
      // A full or closed store: the page still holds the answer.
    }
  };
  return {
    all: read,
    keep: (id, fields) => write({ ...read(), [id]: fields }),
    sent: (id) => {
      const all = read();
      delete all[id];
      write(all);
    },
  };
}

// fill puts kept fields back into a form.
export function fill(block, fields) {
  const values = new URLSearchParams(fields);
  for (const field of block.querySelectorAll("input, select, textarea")) {
    const given = values.getAll(field.name);
    if (field.type === "radio" || field.type === "checkbox") field.checked = given.includes(field.value);
    else if (given.length) field.value = given[0];
  }
}

// count shows what is left of the time, to the minute; the server keeps it.
export function count(clock) {
  const until = new Date(clock.dataset.until);
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 60000);
    clock.textContent = left > 1 ? `${left} minutes left` : left === 1 ? "Less than a minute left" : "Time is up";
  };
  tick();
  setInterval(tick, 5000);
}
