cpdef dict count(object tally, dict deltas)
