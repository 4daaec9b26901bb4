# Not ae's module of this name.
set(consumer_dependencies ON)
