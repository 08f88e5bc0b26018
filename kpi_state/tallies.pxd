cpdef dict count(dict tally, dict deltas)
