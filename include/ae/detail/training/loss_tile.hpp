#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>

#include "ae/detail/training/training_parts.hpp"

namespace ae::inline AE_ABI::detail {

/// Sums the loss of a tile of outputs and takes its derivative. Missing values have neither.
template <class Scalar>
struct LossTile {
  const TrainingParts<Scalar>& parts;
  linalg::ConstView<Scalar> target;
  linalg::ConstView<Scalar> present;  // none: all are there
  const Scalar* weights;
  linalg::SharedView<Scalar> dy;
  Matrix<Scalar>& sums;  // a row for each row of tiles, a column for each sample

  void operator()(linalg::View<Scalar> y, Range rows, Range cols) const {
    constexpr Index height = Product<Scalar>::tile_rows;
    if (present.size() > 0) return of_present(y, rows, cols);
    parts.loss(linalg::const_view(y), linalg::block(target, rows, cols), weights + cols.first,
               linalg::block(static_cast<const linalg::View<Scalar>&>(dy), rows, cols),
               &sums(rows.first / height, cols.first), sums.rows());
  }
  void add_prefetches(Range rows, Range cols, PrefetchList& list) const {
    list.add(target, rows, cols);
    list.add(dy, rows, cols);
  }

 private:
  /// What is missing is 0 in copies of outputs and targets, whose loss there is subtracted again.
  void of_present(linalg::View<Scalar> y, Range rows, Range cols) const {
    constexpr Index most = 64;
    Eigen::Array<Scalar, most, 1> outputs, targets;
    const Scalar no_weight = 0;
    outputs.setZero();
    targets.setZero();
    const auto loss_of = [&](Index size, const Scalar* weight, Scalar* derivatives) {
      Scalar sum = 0;
      parts.loss(linalg::ConstView<Scalar>(outputs.data(), size, 1, Eigen::OuterStride<>(size)),
                 linalg::ConstView<Scalar>(targets.data(), size, 1, Eigen::OuterStride<>(size)),
                 weight, linalg::View<Scalar>(derivatives, size, 1, Eigen::OuterStride<>(size)),
                 &sum, 1);
      return sum;
    };
    Scalar derivative = 0;
    const Scalar of_nothing = loss_of(1, &no_weight, &derivative);
    for (Index j = 0; j < cols.size; ++j) {
      const Index column = cols.first + j;
      Scalar& sum = sums(rows.first / Product<Scalar>::tile_rows, column) = 0;
      for (Index first = 0; first < rows.size; first += most) {
        const Index size = std::min(most, rows.size - first), row = rows.first + first;
        const Scalar* const there = present.data() + row + column * present.outerStride();
        Index missing = 0;
        for (Index i = 0; i < size; ++i) {
          missing += there[i] == 0;
          outputs[i] = there[i] == 0 ? Scalar{0} : y(first + i, j);
          targets[i] = there[i] == 0 ? Scalar{0} : target(row + i, column);
        }
        auto derivatives =
            linalg::block(static_cast<const linalg::View<Scalar>&>(dy), {row, size}, {column, 1});
        sum += loss_of(size, weights + column, derivatives.data()) -
               static_cast<Scalar>(missing) * of_nothing;
        for (Index i = 0; i < size; ++i) derivatives(i, 0) *= there[i];
      }
    }
  }
};

}  // namespace ae::inline AE_ABI::detail
