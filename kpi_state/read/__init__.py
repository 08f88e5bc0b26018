"""The read side: tallies, roster and calendar become samples."""
