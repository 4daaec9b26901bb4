#include "ae/detail/linalg/kernel.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

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
      ae::detail::micro_kernel<ae::detail::MultiplyAdd>(rows, depth, {a.data(), a.rows()}, columns,
                                                        c.data(), B::MR,
                                                        ae::detail::PrefetchList(false), {});
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
  const auto multiply = [&](const ae::detail::RowPanel<Scalar>& panel, auto& c) {
    ae::detail::micro_kernel<ae::detail::MultiplyAdd>(B::MR, 50, panel, columns, c.data(), B::MR,
                                                      ae::detail::PrefetchList(false), {});
  };
  multiply({a.data(), a.rows()}, expected);
  Matrix<Scalar> packed(B::MR, 50);
  multiply({a.data(), a.rows(), packed.data()}, found);
  CHECK(packed == a.topRows(B::MR));
  CHECK(found == expected);
}
