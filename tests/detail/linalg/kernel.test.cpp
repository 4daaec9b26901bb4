#include "ae/detail/linalg/kernel.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

template <class Scalar>
void multiply(Index rows, Index depth, const ae::detail::RowPanel<Scalar>& panel,
              const ae::detail::ColumnPanel<Scalar>& columns, Scalar* c) {
  const auto& kernels = ae::detail::MicroKernels<Scalar>::template with<ae::detail::MultiplyAdd>();
  kernels.of(rows, panel)(depth, panel, columns, c, ae::detail::Blocking<Scalar>::MR,
                          ae::detail::PrefetchList(false), {});
}

}  // namespace

TEST_CASE_TEMPLATE("a micro-kernel multiplies a panel of rows by columns, both where they are",
                   Scalar, float, double) {
  using B = ae::detail::Blocking<Scalar>;
  for (Index rows = 1; rows <= B::MR; ++rows) {
    const Index height = ae::detail::whole_packets<Scalar>(rows);
    for (const Index depth : {0, 1, 2, 33, 100}) {
      const Matrix<Scalar> a = Matrix<Scalar>::Random(height + rows % 3, depth);
      const Matrix<Scalar> b = Matrix<Scalar>::Random(depth, B::NR);
      ae::detail::ColumnPanel<Scalar> columns{{}, 1};
      for (Index j = 0; j < B::NR; ++j) {
        columns.columns[static_cast<std::size_t>(j)] = b.data() + j * depth;
      }
      Eigen::Matrix<Scalar, B::MR, B::NR> c;
      multiply<Scalar>(rows, depth, {a.data(), a.rows()}, columns, c.data());
      const Matrix<Scalar> expected = a.topRows(rows) * b;
      CHECK((c.topRows(rows) - expected).norm() < 1e-4);
    }
  }
}

TEST_CASE_TEMPLATE("a micro-kernel packs the panel that it reads, where it is asked to", Scalar,
                   float, double) {
  using B = ae::detail::Blocking<Scalar>;
  const Matrix<Scalar> a = Matrix<Scalar>::Random(B::MR + 3, 50), b = Matrix<Scalar>::Random(50, 1);
  ae::detail::ColumnPanel<Scalar> columns{{}, 1};
  columns.columns.fill(b.data());
  Eigen::Matrix<Scalar, B::MR, B::NR> expected, found;
  multiply<Scalar>(B::MR, 50, {a.data(), a.rows()}, columns, expected.data());
  Matrix<Scalar> packed(B::MR, 50);
  multiply<Scalar>(B::MR, 50, {a.data(), a.rows(), packed.data()}, columns, found.data());
  CHECK(packed == a.topRows(B::MR));
  CHECK(found == expected);
}
