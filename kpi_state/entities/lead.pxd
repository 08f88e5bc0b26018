from kpi_state.entities.contact cimport first_of
from kpi_state.facts cimport decided, first_owner, owner_at, owner_now
from kpi_state.merges cimport folded, winner_of
from kpi_state.rows cimport Row
from kpi_state.shelves cimport summed

cpdef object view(str subject, Row row, object definitions)
cdef object _reached(Row row, object first_touch)
cdef object _own_time(Row row, str field)
cdef tuple _outcome(Row row, list parts)
cpdef dict links(object lead)
