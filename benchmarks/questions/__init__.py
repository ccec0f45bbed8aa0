"""One module a question; each has `ask(run)`, which yields what was found."""
