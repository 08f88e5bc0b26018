cpdef tuple locate(tuple cell)
cpdef object encode_sums(object width, dict sums)
cpdef dict decode_sums(bytes value)
