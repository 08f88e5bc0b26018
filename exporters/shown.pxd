cimport cython

from exporters.numbers cimport Log, Number

cdef class _Source:
    cdef public object slot, amounts
    cdef public bint weighs
    cdef public Number number, alone

@cython.locals(source=_Source)
cdef list _others(dict numbers, str bucket, dict sources, Log log, version)
