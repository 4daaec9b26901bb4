#pragma once

#include "ae/detail/core/abi.hpp"

#ifdef AE_PLAIN_PRODUCT
#include "ae/detail/linalg/plain_product.hpp"
#else
#include "ae/detail/linalg/packed_product.hpp"
#endif

namespace ae::inline AE_ABI {

/// The one room that knows processors, threads and caches: `product(dst, lhs, rhs, epilogue)` and
/// `product.tiles(lhs, rhs, epilogue)`. Define AE_PLAIN_PRODUCT, in every translation unit alike,
/// to hold the whole library against the plain version.
/// ~~~{.cpp}
/// ae::Product<float> product;
/// product(y, weight, x);  // y = weight * x
/// ~~~
#ifdef AE_PLAIN_PRODUCT
template <class Scalar>
using Product = detail::PlainProduct<Scalar>;
#else
template <class Scalar>
using Product = detail::PackedProduct<Scalar>;
#endif

}  // namespace ae::inline AE_ABI
