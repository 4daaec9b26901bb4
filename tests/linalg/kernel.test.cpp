#include "ae/linalg/kernel.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE_TEMPLATE("a micro-kernel multiplies a panel of rows by columns, both where they are",
                   Scalar, float, double) {
  using B = ae::linalg::Blocking<Scalar>;
  for (Index rows = 1; rows <= B::MR; ++rows) {
    const Index height = ae::linalg::whole_packets<Scalar>(rows);
    for (const Index depth : {0, 1, 2, 33, 100}) {
      const Matrix<Scalar> a = Matrix<Scalar>::Random(height + rows % 3, depth);
      const Matrix<Scalar> b = Matrix<Scalar>::Random(depth, B::NR);
      ae::linalg::ColumnPanel<Scalar> columns{{}, 1};
      for (Index j = 0; j < B::NR; ++j) {
        columns.columns[static_cast<std::size_t>(j)] = b.data() + j * depth;
      }
      Eigen::Matrix<Scalar, B::MR, B::NR> c;
      ae::linalg::micro_kernel(rows, depth, {a.data(), a.rows()}, columns, c.data(),
                               ae::linalg::Ahead(false), {});
      const Matrix<Scalar> expected = a.topRows(rows) * b;
      CHECK((c.topRows(rows) - expected).norm() < 1e-4);
    }
  }
}
