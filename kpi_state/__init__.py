"""Pure KPI state: events, facts, contributions, tallies and how they are read. No clock, no I/O."""
