from kpi_state.facts cimport decided, first_owner, owner_at, owner_now
from kpi_state.merges cimport folded, winner_of
from kpi_state.rows cimport Row
from kpi_state.shelves cimport summed

cdef object _reached(Row row, object first_touch)
cdef object _own_time(Row row, str field)
cpdef dict links(object lead)
