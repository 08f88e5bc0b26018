from kpi_state.normal cimport micros

cdef int _REQUIRED

cdef class _Plan:
    cdef public object data, envelope
    cdef public frozenset fields, written
    cdef public str kind
    cdef public tuple days, times

cdef int _attributes(object said) except -1
cdef object _event(_Plan plan, object said, dict facts, int unknown)
