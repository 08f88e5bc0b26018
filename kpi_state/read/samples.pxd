from kpi_state.read.readings cimport Readings

cdef class Reader:
    cdef object _settings, _roster, _absences, _calendars, _targets, _now, _roster_rows
    cdef readonly object _by_day
    cdef readonly dict _rows
    cdef dict _people, _uncounted, _held, _quality
    cdef readonly Readings _readings
    cdef Readings _followed
    cdef list _beginnings
    cpdef object tally(self, partition, bytes key, value)
    cdef object _count(self, Readings readings, tuple row, old)
    cdef object _count_as(self, Readings readings, bytes key, old, new)
    cdef object _count_buckets(self, Readings readings, tuple of, dict changed)
