from kpi_state.read.placement cimport Part, Places

cdef class Readings:
    cdef object _settings, _roster, _now, _start_month, _touched, _baselines, _of_people
    cdef Places _places
    cdef dict _sums, _read_by, _standing, _ages, _spans, _lifetimes
    cpdef bint by_day(self, str measure) except -1
    cpdef object enter(self, str measure, str raw, tuple labels, dict begun)
    cpdef object enter_day(self, str measure, str raw, tuple labels, day, dict quarters)
    cdef object _enter(self, str measure, tuple labels, Part part)
