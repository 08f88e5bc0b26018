from kpi_state.buckets cimport add
from kpi_state.rows cimport Row

cpdef object evaluate(str kind, str subject, Row row, object definitions)
cpdef object difference(dict new, dict old, dict deltas)
