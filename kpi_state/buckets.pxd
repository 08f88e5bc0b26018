cpdef tuple quarter(object time)
cpdef object add(dict sums, object place, tuple amounts)
