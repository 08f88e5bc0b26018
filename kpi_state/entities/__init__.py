"""Entities: one file each turns a row and its links into a view and says which links it sends."""
