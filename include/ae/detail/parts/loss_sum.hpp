#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/linalg/packets.hpp"
#include "ae/linalg/view.hpp"

namespace ae::inline AE_ABI::detail {

/// The sum of a loss over `size` outputs y and their targets, both contiguous.
template <class Scalar, class L>
Scalar loss_sum(const L& loss, Index size, const Scalar* y, const Scalar* target) {
  constexpr Index width = Blocking<Scalar>::width;
  Eigen::Array<Scalar, width, 1> sums = Eigen::Array<Scalar, width, 1>::Zero();
  Index i = 0;
  for (; i + width <= size; i += width) {
    sums += loss.value(packet_at(y + i).array(), packet_at(target + i).array());
  }
  Scalar sum = sums.sum();
  if (i == size) return sum;
  PacketBuffer<const Scalar> last_y(y + i, size - i), last_target(target + i, size - i);
  sums = loss.value(last_y.view().array(), last_target.view().array());
  for (Index k = 0; k < size - i; ++k) sum += sums[k];
  return sum;
}

/// The same over the columns of two matrices of one shape, summed in double.
template <class Scalar, class L>
double loss_sum(const L& loss, linalg::ConstView<Scalar> y, linalg::ConstView<Scalar> target) {
  double sum = 0;
  for (Index j = 0; j < y.cols(); ++j) {
    sum += static_cast<double>(loss_sum(loss, y.rows(), y.data() + j * y.outerStride(),
                                        target.data() + j * target.outerStride()));
  }
  return sum;
}

}  // namespace ae::inline AE_ABI::detail
