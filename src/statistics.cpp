#include "ae/detail/models/gaussian-inl.hpp"
#include "ae/detail/models/principal_components-inl.hpp"
