cpdef object micros(object moment, str field)
