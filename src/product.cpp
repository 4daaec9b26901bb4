#include "ae/detail/core/team-inl.hpp"
#include "ae/detail/linalg/packed_product-inl.hpp"

template class ae::detail::PackedProduct<float>;
template class ae::detail::PackedProduct<double>;
