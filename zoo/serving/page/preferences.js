// Choices that outlive the visit. Where the browser keeps nothing, they last until it is closed.

const PREFIX = "koprep-";

export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // private windows may refuse: the choice still holds on this page
  }
}
