cdef dict _NUMBERS

cpdef object short_id(str text)
cpdef object long_id(object short)
cpdef object short_value(int how, object time, object value)
cpdef object long_value(int how, object time, object short)
