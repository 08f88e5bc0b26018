"""The Faust application: batches in, exactly-once state out."""
