#pragma once

#include <exception>

#include "ae/data/scaler.hpp"

namespace ae::detail {

/// Brings picked samples to a network: reads them a few at a time on every thread, lets
/// `change(part, first)` change the part of the batch that begins at column `first`, in the units
/// of the data, and scales it. Rethrows what a thread throws.
template <class Scalar, Source<Scalar> Data, class Change>
void load_batch(const Data& data, const Scaler<Scalar>& scaler, std::span<const Index> picks,
                MatrixRef<Scalar> x, const Change& change) {
  constexpr Index few = 8;
  std::exception_ptr failure;  // no exception may leave a parallel loop
#ifdef _OPENMP
#pragma omp parallel for
#endif
  for (Index first = 0; first < x.cols(); first += few) {
    try {
      const Index count = std::min(few, x.cols() - first);
      MatrixRef<Scalar> part = x.middleCols(first, count);
      data.read(picks.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
                part);
      change(part, first);
      scaler.scale(part);
    } catch (...) {
#ifdef _OPENMP
#pragma omp critical
#endif
      failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace ae::detail
