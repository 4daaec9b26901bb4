#pragma once

#include "ae/detail/core/abi.hpp"

#include <algorithm>
#include <type_traits>

#include "ae/core/types.hpp"

/// Views of matrices whose columns are contiguous. They are cheap to copy, keep nothing alive, and
/// are one type for matrices, blocks and maps alike, so that code for them is compiled once.
namespace ae::inline AE_ABI::linalg {

template <class Scalar>
using View = Eigen::Map<Matrix<Scalar>, Eigen::Unaligned, Eigen::OuterStride<>>;
template <class Scalar>
using ConstView = Eigen::Map<const Matrix<Scalar>, Eigen::Unaligned, Eigen::OuterStride<>>;

template <class Dense>
ConstView<typename Dense::Scalar> const_view(const Dense& matrix) {
  static_assert(!Dense::IsRowMajor && Dense::InnerStrideAtCompileTime == 1,
                "expected a matrix whose columns are contiguous");
  return {matrix.data(), matrix.rows(), matrix.cols(), Eigen::OuterStride<>(matrix.outerStride())};
}

/// A View of what may be written, a ConstView of all else.
/// ~~~{.cpp}
/// const ae::linalg::View<float> all = ae::linalg::view(y);
/// ~~~
template <class Dense>
auto view(Dense&& matrix) {
  using Plain = std::decay_t<Dense>;
  if constexpr (std::is_const_v<std::remove_pointer_t<decltype(matrix.data())>>) {
    return const_view(matrix);
  } else {
    static_assert(!Plain::IsRowMajor && Plain::InnerStrideAtCompileTime == 1,
                  "expected a matrix whose columns are contiguous");
    return View<typename Plain::Scalar>(matrix.data(), matrix.rows(), matrix.cols(),
                                        Eigen::OuterStride<>(matrix.outerStride()));
  }
}

/// A view without rows, columns or memory.
template <class Scalar>
View<Scalar> no_view() {
  return {nullptr, 0, 0, Eigen::OuterStride<>(0)};
}

/// A block of a view, which is a view again.
/// ~~~{.cpp}
/// const auto ten_samples = ae::linalg::block(ae::linalg::view(y), {0, y.rows()}, {0, 10});
/// ~~~
template <class Scalar>
View<Scalar> block(const View<Scalar>& matrix, Range rows, Range cols) {
  const Index stride = matrix.outerStride();
  return {const_cast<Scalar*>(matrix.data()) + rows.first + cols.first * stride, rows.size,
          cols.size, Eigen::OuterStride<>(stride)};
}
template <class Scalar>
ConstView<Scalar> block(const ConstView<Scalar>& matrix, Range rows, Range cols) {
  const Index stride = matrix.outerStride();
  return {matrix.data() + rows.first + cols.first * stride, rows.size, cols.size,
          Eigen::OuterStride<>(stride)};
}

/// Copies a matrix into another of its shape; one function whatever the two are views of.
/// ~~~{.cpp}
/// ae::linalg::copy(ae::linalg::const_view(x), ae::linalg::view(y));
/// ~~~
template <class Scalar>
void copy(const ConstView<Scalar>& from, const View<Scalar>& to) {
  for (Index j = 0; j < from.cols(); ++j) {
    std::copy_n(from.data() + j * from.outerStride(), from.rows(),
                const_cast<Scalar*>(to.data()) + j * to.outerStride());
  }
}

/// A view of a matrix that an epilogue writes and all threads read in other products.
/// ~~~{.cpp}
/// product.tiles(weight, x, ae::linalg::store_to(ae::linalg::shared(y)));
/// ~~~
template <class Scalar>
struct SharedView : View<Scalar> {
  static constexpr bool shared = true;
  explicit SharedView(const View<Scalar>& matrix) : View<Scalar>(matrix) {}
};

template <class Dense>
auto shared(Dense&& matrix) {
  return SharedView<typename std::decay_t<Dense>::Scalar>(view(matrix));
}

template <class Scalar>
SharedView<Scalar> view(const SharedView<Scalar>& matrix) {
  return matrix;
}

}  // namespace ae::inline AE_ABI::linalg
