from kpi_state.rows cimport Row

cpdef bint merge(Row row, object event) except -1
cpdef bint state(str kind, str field, list line, tuple stamp, object value) except -1
cdef bint _wins(str kind, str field, object new, object old) except -1
cpdef object decided(list line)
cpdef str first_owner(Row row)
cpdef object owner_at(Row row, object time)
cpdef object owner_now(Row row)
