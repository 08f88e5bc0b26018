from kpi_state.read.totals cimport Totals, Whos

cdef class Rolling:
    cdef tuple _windows
    cdef object _kept, _at
    cdef dict _held
    cpdef bint keeps(self, position) except -1
    cpdef object add(self, position, Whos whos, tuple amounts)
