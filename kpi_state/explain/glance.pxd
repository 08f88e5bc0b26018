cimport cython

from kpi_state.explain.glimpse cimport Glimpse

cdef class Look:
    cdef public str kind
    cdef public bytes prefix
    cpdef bint may(self, bytes key, bytes data) except -1

cdef class Named(Look):
    cdef object _search

cdef class Stated(Look):
    cdef object _search, _first, _end
    cdef set _pairs
    cdef Glimpse _glimpse

cdef class Slots(Look):
    cdef object _search
    cdef set _pairs, _hours

cdef class Dials(Look):
    cdef object _search
    cdef set _pairs, _days

@cython.locals(key=bytes, data=bytes, look=Look, found=list)
cpdef list sift(object rows, tuple by, Py_ssize_t many)
