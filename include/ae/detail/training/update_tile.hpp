#pragma once

#include "ae/detail/core/abi.hpp"

#include "ae/detail/training/training_parts.hpp"

namespace ae::inline AE_ABI::detail {

/// Steps the optimizer on the tiles of a gradient: weights and moments are touched once.
template <class Scalar>
struct UpdateTile {
  using Columns = typename ParameterTile<Scalar>::template Columns<Scalar>;

  const TrainingParts<Scalar>* parts;
  bool regularized;
  Index rows, cols;  // of the parameter
  Columns parameter, moments[2];

  void operator()(linalg::View<Scalar> gradient, Range at, Range columns) const {
    parts->update(regularized, {at.size,
                                columns.size,
                                {gradient.data(), gradient.outerStride()},
                                from(parameter, at, columns),
                                {from(moments[0], at, columns), from(moments[1], at, columns)}});
  }
  void add_prefetches(Range at, Range columns, PrefetchList& list) const {
    list.add(linalg::shared(whole(parameter)), at, columns);
    for (const Columns& moment : moments) {
      if (moment.first != nullptr) list.add(whole(moment), at, columns);
    }
  }

 private:
  static Columns from(const Columns& of, Range at, Range columns) {
    return {of.first + at.first + columns.first * of.stride, of.stride};
  }
  linalg::View<Scalar> whole(const Columns& of) const {
    return {of.first, rows, cols, Eigen::OuterStride<>(of.stride)};
  }
};

}  // namespace ae::inline AE_ABI::detail
