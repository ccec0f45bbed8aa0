"""How well models of the zoo do on real corpora, trained from nothing."""
