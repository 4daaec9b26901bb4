#pragma once

#include "ae/detail/core/abi.hpp"

#include <span>

#include "ae/core/random.hpp"
#include "ae/core/types.hpp"

namespace ae::inline AE_ABI::detail {

/// Sets features to 0 with this probability, those of one group together; the groups lie one behind
/// the other, and feature i belongs to groups[i]. Where each is a group of its own it is `Masking`,
/// to the last bit.
struct GroupMasking {
  double probability = 0.25;
  std::span<const Index> groups = {};

  template <class X>
  void corrupt(X&& x, const Random& random, std::uint64_t index) const {
    using Scalar = typename std::decay_t<X>::Scalar;
    for (auto column : x.colwise()) {
      bool masked = false;
      for (Index i = 0; i < x.rows(); ++i, ++index) {
        const auto at = static_cast<std::size_t>(i);
        const bool begins = i == 0 || groups[at] != groups[at - 1];
        if (begins) masked = random.uniform(index) < probability;
        if (masked) column[i] = Scalar{0};
      }
    }
  }
};

}  // namespace ae::inline AE_ABI::detail
