#include "ae/linalg/kernel.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE_TEMPLATE("a micro-kernel multiplies a packed panel by columns where they are", Scalar,
                   float, double) {
  using B = ae::linalg::Blocking<Scalar>;
  for (Index vectors = 1; vectors <= B::vectors; ++vectors) {
    for (const Index depth : {0, 1, 2, 33, 100}) {
      const Matrix<Scalar> a = Matrix<Scalar>::Random(vectors * B::width, depth);
      const Matrix<Scalar> b = Matrix<Scalar>::Random(depth, B::NR);
      ae::linalg::ColumnPanel<Scalar> columns{{}, 1};
      for (Index j = 0; j < B::NR; ++j) {
        columns.columns[static_cast<std::size_t>(j)] = b.data() + j * depth;
      }
      Eigen::Matrix<Scalar, B::MR, B::NR> c;
      std::vector<Index> announced;
      ae::linalg::micro_kernel(vectors, depth, a.data(), columns, c.data(),
                               [&](Index j) { announced.push_back(j); });
      CHECK(announced == std::vector<Index>{0, 1, 2, 3, 4, 5});
      const Matrix<Scalar> expected = a * b;
      CHECK((c.topRows(a.rows()) - expected).norm() < 1e-4);
    }
  }
}
