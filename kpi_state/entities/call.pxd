from kpi_state.links cimport dial_subject, slot_subject
from kpi_state.rows cimport Row

cpdef object view(str subject, Row row, object definitions)
cdef object _spoken_us(Row row)
cdef bint _is_short(Row row, object spoken_us) except -1
cpdef dict links(object call)
cpdef dict touch(str subject, str rep, str channel, object at, object phone, object contact, object lead)
