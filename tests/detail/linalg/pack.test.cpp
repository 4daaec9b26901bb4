#include "ae/detail/linalg/pack.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

/// Packs rows 2 .. 2 + rows of the matrix and compares each entry, panel by panel.
template <class Scalar, class Derived>
bool packs(const Eigen::DenseBase<Derived>& matrix, Index rows, Index depth) {
  using B = ae::detail::Blocking<Scalar>;
  const Index room = (rows + B::MR - 1) / B::MR * B::MR;
  ae::Vector<Scalar> panels = ae::Vector<Scalar>::Constant(room * depth, Scalar{-7});
  ae::detail::pack(ae::detail::Operand<Scalar>::of(matrix), {2, rows}, depth, panels.data());
  bool same = true;
  for (Index i = 0; i < rows; i += B::MR) {
    const Index count = std::min(B::MR, rows - i);
    const Index height = (count + B::width - 1) / B::width * B::width;
    const Eigen::Map<const Matrix<Scalar>> found(panels.data() + i * depth, height, depth);
    same = same && found.topRows(count) == matrix.derived().middleRows(2 + i, count);
  }
  return same;
}

}  // namespace

TEST_CASE_TEMPLATE("a panel holds the rows for each k, whichever way the operand lies", Scalar,
                   float, double) {
  constexpr Index full = ae::detail::Blocking<Scalar>::MR;
  for (const Index rows : {Index{1}, Index{7}, full - 1, full, 2 * full + 3}) {
    for (const Index depth : {1, 15, 16, 17, 50}) {
      const Matrix<Scalar> columns = Matrix<Scalar>::Random(2 * full + 5, depth);
      const Matrix<Scalar> lines = Matrix<Scalar>::Random(depth, 2 * full + 5);
      CHECK(packs<Scalar>(columns, rows, depth));
      CHECK(packs<Scalar>(lines.transpose(), rows, depth));
    }
  }
}
