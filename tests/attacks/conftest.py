"""What pytest does not look into."""

collect_ignore = ["fuzz.py"]  # it imports koprep with marks in it, as a process of its own
