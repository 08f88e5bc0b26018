from kpi_state.buckets cimport add
from kpi_state.rows cimport Row

cdef class Evaluation:
    cdef readonly dict contributions
    cdef readonly dict links
    cdef readonly object credit

cpdef Evaluation evaluate(str kind, str subject, Row row, object definitions)
cpdef object difference(dict new, dict old, dict deltas)
