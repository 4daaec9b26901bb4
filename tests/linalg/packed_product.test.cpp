#include "ae/linalg/packed_product.hpp"

#include <limits>

#include "ae/linalg/plain_product.hpp"
#include "support/expect.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

using ae::Index;
using ae::Matrix;
using ae::PackedProduct;
using ae::Range;

namespace {

/// A random block inside a matrix of NaN: whoever reads beside the block, shows it.
template <class Scalar>
struct Island {
  Island(Index rows, Index cols)
      : around(
            Matrix<Scalar>::Constant(rows + 5, cols + 3, std::numeric_limits<Scalar>::quiet_NaN())),
        rows_(rows),
        cols_(cols) {
    block() = Matrix<Scalar>::Random(rows, cols);
  }
  auto block() { return around.block(3, 1, rows_, cols_); }

  Matrix<Scalar> around;

 private:
  Index rows_, cols_;
};

template <class Scalar>
bool agrees(Index m, Index n, Index k, bool lhs_transposed, bool rhs_transposed,
            PackedProduct<Scalar>& product) {
  Island<Scalar> a(lhs_transposed ? k : m, lhs_transposed ? m : k);
  Island<Scalar> b(rhs_transposed ? n : k, rhs_transposed ? k : n);
  Island<Scalar> dst(m, n);
  const auto multiply = [&](const auto& lhs, const auto& rhs) {
    product(dst.block(), lhs, rhs);
    const Matrix<Scalar> expected = lhs.lazyProduct(rhs);
    const auto tolerance = static_cast<Scalar>(4 * (k + 1)) * Eigen::NumTraits<Scalar>::epsilon();
    return m * n == 0 || (dst.block() - expected).cwiseAbs().maxCoeff() <= tolerance;
  };
  bool good = true;
  if (lhs_transposed && rhs_transposed) {
    good = multiply(a.block().transpose(), b.block().transpose());
  } else if (lhs_transposed) {
    good = multiply(a.block().transpose(), b.block());
  } else if (rhs_transposed) {
    good = multiply(a.block(), b.block().transpose());
  } else {
    good = multiply(a.block(), b.block());
  }
  return good && dst.around.array().isNaN().count() == dst.around.size() - m * n;
}

void with_threads([[maybe_unused]] int threads, const auto& f) {
#ifdef _OPENMP
  const int before = omp_get_max_threads();
  omp_set_num_threads(threads);
  f();
  omp_set_num_threads(before);
#else
  f();
#endif
}

}  // namespace

TEST_CASE_TEMPLATE(
    "every size from 0 to 70 agrees with Eigen, and nothing beside the operands is read", Scalar,
    float, double) {
  PackedProduct<Scalar> product;
  bool good = true;
  for (Index m = 0; m <= 70; ++m) {
    for (Index n = 0; n <= 70; ++n) {
      for (Index k = 0; k <= 70; ++k) {
        const bool sampled = (m * 31 + n * 17 + k) % 11 == 0;
        good = good && agrees<Scalar>(m, n, k, false, false, product);
        if (sampled) {
          good = good && agrees<Scalar>(m, n, k, true, false, product) &&
                 agrees<Scalar>(m, n, k, false, true, product) &&
                 agrees<Scalar>(m, n, k, true, true, product);
        }
        if (!good) {
          CAPTURE(m);
          CAPTURE(n);
          CAPTURE(k);
          REQUIRE(good);
        }
      }
    }
  }
  CHECK(good);
}

TEST_CASE_TEMPLATE("a scalar without packets is multiplied too", Scalar, long double) {
  PackedProduct<Scalar> product;
  CHECK(agrees<Scalar>(33, 20, 17, false, false, product));
  CHECK(agrees<Scalar>(33, 20, 17, true, false, product));
}

TEST_CASE_TEMPLATE("the bits do not depend on the number of threads", Scalar, float, double) {
  for (const auto& [m, n, k] : {std::array{300, 150, 250}, std::array{150, 300, 70},
                                std::array{64, 1000, 33}, std::array{1000, 7, 90}}) {
    const Matrix<Scalar> a = Matrix<Scalar>::Random(m, k), b = Matrix<Scalar>::Random(k, n);
    Matrix<Scalar> expected(m, n), found(m, n);
    PackedProduct<Scalar> product;
    with_threads(1, [&] { product(expected, a, b); });
    for (const int threads : {2, 3, 7}) {
      with_threads(threads, [&] { product(found, a, b); });
      CHECK(found == expected);
    }
  }
}

TEST_CASE("the epilogue sees every element once, finished, and may change it") {
  const Matrix<float> a = Matrix<float>::Random(130, 40), b = Matrix<float>::Random(40, 61);
  Matrix<float> dst(130, 61), seen = Matrix<float>::Zero(130, 61);
  PackedProduct<float> product;
  product(dst, a, b, [&](auto&& tile, Range rows, Range cols) {
    auto place = seen.block(rows.first, cols.first, rows.size, cols.size);
    place += tile;
    tile.array() += 1;
  });
  const Matrix<float> expected = a * b;
  CHECK(seen.isApprox(expected, 1e-5f));
  CHECK(dst.isApprox((expected.array() + 1).matrix(), 1e-5f));
}

TEST_CASE("the plain product hands out the same tiles of the same result") {
  const Matrix<double> a = Matrix<double>::Random(130, 40), b = Matrix<double>::Random(40, 70);
  Matrix<double> plain(130, 70), packed(130, 70), gathered(130, 70);
  ae::PlainProduct<double>()(plain, a, b);
  PackedProduct<double> product;
  product(packed, a, b);
  product.tiles(a, b, [&](const auto& tile, Range rows, Range cols) {
    gathered.block(rows.first, cols.first, rows.size, cols.size) = tile;
  });
  CHECK(packed.isApprox(plain, 1e-13));
  CHECK(gathered == packed);
}

TEST_CASE("a NaN or an infinity in an operand reaches the result") {
  Matrix<float> a = Matrix<float>::Random(70, 20), b = Matrix<float>::Zero(20, 8);
  a(66, 3) = std::numeric_limits<float>::quiet_NaN();
  a(5, 4) = std::numeric_limits<float>::infinity();
  Matrix<float> dst(70, 8);
  PackedProduct<float>()(dst, a, b);
  CHECK(dst.row(66).array().isNaN().all());
  CHECK(dst.row(5).array().isNaN().all());
  CHECK(dst.array().isNaN().count() == 16);
}
