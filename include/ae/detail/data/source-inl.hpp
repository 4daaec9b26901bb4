#pragma once

#include "ae/detail/core/abi.hpp"

#include <numeric>

#include "ae/detail/data/source.hpp"

namespace ae::inline AE_ABI::detail {

template <class Scalar>
void visit_chunks(const SourceRef<Scalar>& source, VisitChunk<Scalar> visit) {
  constexpr Index chunk = 256;
  std::vector<Index> picks(chunk);
  Matrix<Scalar> buffer(source.features(), std::min(chunk, source.samples()));
  for (Index first = 0; first < source.samples(); first += chunk) {
    const Index count = std::min(chunk, source.samples() - first);
    std::iota(picks.begin(), picks.end(), first);
    MatrixRef<Scalar> x = buffer.leftCols(count);
    source.read(std::span<const Index>(picks.data(), static_cast<std::size_t>(count)), x);
    visit(x, first);
  }
}

}  // namespace ae::inline AE_ABI::detail
