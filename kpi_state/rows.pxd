from kpi_state.short cimport long_id, long_value, short_id, short_value

cdef class Shelf:
    cdef public dict links
    cdef public list summaries

cdef class Row:
    cdef public object rev
    cdef public object earliest
    cdef public dict facts
    cdef public dict lines
    cdef public dict links
    cdef public dict shelves
    cpdef object get(self, str field)
    cpdef object last(self, str field)
    cpdef list live(self, str relation)

cpdef bytes key_of(str kind, str subject)
cpdef bytes encode_row(str kind, Row row)
cpdef Row decode_row(str kind, bytes data)
cpdef bytes encode_shelf(Shelf shelf)
cpdef Shelf decode_shelf(bytes data)
cdef list _stated(str kind, Row row)
cdef object _place(tuple stamp, dict places, dict sources, list stamps)
cdef list _flat(dict inbox)
cdef dict _inbox(list flat)
cdef list _node(Shelf shelf)
cdef Shelf _shelf(list node)
