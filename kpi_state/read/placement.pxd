cdef class Part:
    cdef public tuple clocks
    cdef public object on, first
    cdef public tuple whole
    cdef public dict hours, quarters

cdef Part _part(on, tuple clocks, first, dict quarters)

cdef class Places:
    cdef object _roster, _now, _clocks, _day
    cpdef list parts(self, raw, day, dict quarters)
