#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "ae/detail/linalg/ahead.hpp"

/// What is done to a tile of a product as soon as it is finished: a callable
/// `epilogue(tile, rows, cols)`, const, called by several threads at once, each with tiles of its
/// own. It may have `look_ahead(rows, cols, ahead)`, which is called before the tile is computed
/// and adds to `ahead` what the epilogue will read and write beside it.
namespace ae {

/// Leaves a finished tile as it is.
struct NoEpilogue {
  void operator()(const auto&, Range, Range) const {}
};

}  // namespace ae

namespace ae::linalg {

/// A view of a matrix of any type whose columns are contiguous; it is cheap to copy and keeps
/// nothing alive.
template <class Scalar>
using View = Eigen::Map<Matrix<Scalar>, Eigen::Unaligned, Eigen::OuterStride<>>;
template <class Scalar>
using ConstView = Eigen::Map<const Matrix<Scalar>, Eigen::Unaligned, Eigen::OuterStride<>>;

template <class Dense>
auto view(Dense&& matrix) {
  using Plain = std::decay_t<Dense>;
  static_assert(!Plain::IsRowMajor && Plain::InnerStrideAtCompileTime == 1,
                "expected a matrix whose columns are contiguous");
  using Scalar = typename Plain::Scalar;
  using Pointer = decltype(matrix.data());
  constexpr bool fixed = std::is_const_v<std::remove_pointer_t<Pointer>>;
  return std::conditional_t<fixed, ConstView<Scalar>, View<Scalar>>(
      matrix.data(), matrix.rows(), matrix.cols(), Eigen::OuterStride<>(matrix.outerStride()));
}

/// A view of a matrix that an epilogue writes and all threads read in other products.
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
SharedView<Scalar> view(SharedView<Scalar> matrix) {
  return matrix;
}

/// The rows of one column of a matrix, as a vector of type `Column`.
template <class Column, class Dense>
auto column_of(Dense& matrix, Range rows, Index col) {
  auto* first = matrix.data() + rows.first + col * matrix.outerStride();
  using Target = std::conditional_t<std::is_const_v<std::remove_pointer_t<decltype(first)>>,
                                    const Column, Column>;
  return Eigen::Map<Target>(first, rows.size);
}

/// An epilogue that goes through a tile column by column, together with the same place in other
/// matrices of the whole result's shape: f(first row, column, its part in the tile, its parts in
/// the matrices...). Where the tile's height is known at compile time so are the columns':
/// expressions on them then need no scalar head or tail, wherever they begin.
template <class F, class... Views>
class OnColumns {
 public:
  explicit OnColumns(F f, Views... views) : f_(std::move(f)), views_(views...) {}

  template <class Tile>
  void operator()(Tile&& tile, Range rows, Range cols) const {
    using Plain = std::decay_t<Tile>;
    using Column = Eigen::Matrix<typename Plain::Scalar, Plain::RowsAtCompileTime, 1>;
    auto views = views_;
    for (Index j = 0; j < cols.size; ++j) {
      const Index col = cols.first + j;
      std::apply(
          [&](auto&... view) {
            f_(rows.first, col, tile.col(j), column_of<Column>(view, rows, col)...);
          },
          views);
    }
  }

  void look_ahead(Range rows, Range cols, detail::Ahead& ahead) const {
    std::apply([&](const auto&... view) { (ahead.add(view, rows, cols), ...); }, views_);
  }

 private:
  F f_;
  std::tuple<Views...> views_;
};

template <class F, class... Matrices>
auto on_columns(F f, Matrices&&... matrices) {
  return OnColumns<F, decltype(view(matrices))...>(std::move(f), view(matrices)...);
}

/// Copies a tile to its place.
template <class Dst>
auto storing(Dst&& dst) {
  return on_columns([](Index, Index, const auto& from, auto to) { to = from; }, dst);
}

void look_ahead(const auto& epilogue, Range rows, Range cols, detail::Ahead& ahead) {
  if constexpr (requires { epilogue.look_ahead(rows, cols, ahead); }) {
    epilogue.look_ahead(rows, cols, ahead);
  }
}

/// One epilogue after the other.
template <class First, class Second>
struct Then {
  First first;
  Second second;

  void operator()(auto&& tile, Range rows, Range cols) const {
    first(tile, rows, cols);
    second(tile, rows, cols);
  }
  void look_ahead(Range rows, Range cols, detail::Ahead& ahead) const {
    linalg::look_ahead(first, rows, cols, ahead);
    linalg::look_ahead(second, rows, cols, ahead);
  }
};

template <class First, class Second>
Then(First, Second) -> Then<First, Second>;

}  // namespace ae::linalg
