from kpi_state.read.placement cimport Part
from kpi_state.read.rolling cimport Rolling
from kpi_state.read.totals cimport Totals, Whos

cdef class Sums:
    cdef object _kpi, _start_month, _now, _windows, _whos, _above
    cdef bint _has_hours, _has_days
    cdef dict _calendar, _periods_on, _rolling, _named, _labelled, _days, _ones
    cdef Rolling _quarters
    cpdef object enter(self, tuple labels, Part part)
    cdef list _on(self, day)
    cdef Totals _of(self, str window, str bucket)
    cdef Rolling _rolling_days(self, clock)
