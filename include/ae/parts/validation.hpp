#pragma once

#include "ae/detail/core/abi.hpp"

namespace ae::inline AE_ABI {

/// Samples that a fit measures after every epoch and never learns from: a matrix (features x
/// samples) or a source, which must live as long.
/// ~~~{.cpp}
/// model.fit(x, {.epochs = 500, .patience = 10}, ae::Validation(held_out));
/// ~~~
template <class Data>
struct Validation {
  explicit Validation(const Data& samples) : data(samples) {}
  const Data& data;
};

}  // namespace ae::inline AE_ABI
