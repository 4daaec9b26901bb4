#include "ae/linalg/pack.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

/// Packs rows 2 .. 2 + rows of the matrix and compares each entry.
template <class Scalar, class Derived>
bool packs(const Eigen::DenseBase<Derived>& matrix, Index rows, Index depth) {
  constexpr Index width = ae::linalg::Blocking<Scalar>::width;
  const Index height = (rows + width - 1) / width * width;
  ae::Vector<Scalar> panel = ae::Vector<Scalar>::Constant(height * depth, Scalar{-7});
  ae::linalg::pack(ae::linalg::Operand<Scalar>::of(matrix), 2, rows, depth, height, panel.data());
  const Eigen::Map<const Matrix<Scalar>> found(panel.data(), height, depth);
  return found.topRows(rows) == matrix.derived().middleRows(2, rows);
}

}  // namespace

TEST_CASE_TEMPLATE("a panel holds the rows for each k, whichever way the operand lies", Scalar,
                   float, double) {
  constexpr Index full = ae::linalg::Blocking<Scalar>::MR;
  for (const Index rows : {Index{1}, Index{7}, full - 1, full}) {
    for (const Index depth : {1, 15, 16, 17, 50}) {
      const Matrix<Scalar> columns = Matrix<Scalar>::Random(full + 2, depth);
      const Matrix<Scalar> lines = Matrix<Scalar>::Random(depth, full + 2);
      CHECK(packs<Scalar>(columns, rows, depth));
      CHECK(packs<Scalar>(lines.transpose(), rows, depth));
    }
  }
}
