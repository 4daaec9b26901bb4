#include "ae/detail/linalg/packed_product.hpp"

#include <atomic>
#include <limits>
#include <stdexcept>

#include "ae/detail/linalg/packed_product-inl.hpp"
#include "ae/detail/linalg/plain_product.hpp"
#include "support/expect.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

using ae::Index;
using ae::Matrix;
using ae::Range;
using ae::detail::PackedProduct;

namespace {

/// A block of numbers in a sea of NaN: whoever reads or writes beside the block, shows it.
template <class Scalar>
class Island {
 public:
  explicit Island(Index height)
      : sea_(Matrix<Scalar>::Constant(height, 73, std::numeric_limits<Scalar>::quiet_NaN())) {}

  auto land(const Matrix<Scalar>& numbers) {
    rows_ = numbers.rows(), cols_ = numbers.cols();
    auto block = sea_.block(3, 1, rows_, cols_);
    block = numbers;
    return block;
  }

  /// Whether no number is beside the block, which goes under.
  bool is_whole() {
    sea_.block(3, 1, rows_, cols_).setConstant(std::numeric_limits<Scalar>::quiet_NaN());
    return sea_.array().isNaN().all();
  }

 private:
  Matrix<Scalar> sea_;
  Index rows_ = 0, cols_ = 0;
};

/// Compares one product after the other with what Eigen makes of the same numbers.
template <class Scalar>
class Examiner {
 public:
  bool agrees(Index m, Index n, Index k, bool lhs_transposed, bool rhs_transposed) {
    const Matrix<Scalar> a = left_.topLeftCorner(m, k), b = right_.topLeftCorner(k, n);
    const Matrix<Scalar> a_lies = lhs_transposed ? a.transpose() : a;
    const Matrix<Scalar> b_lies = rhs_transposed ? b.transpose() : b;
    auto& island = (m + n + k) % 2 == 0 ? lhs_ : crowded_lhs_;
    const auto lhs = island.land(a_lies);
    const auto rhs = rhs_.land(b_lies);
    auto dst = dst_.land(Matrix<Scalar>::Constant(m, n, std::numeric_limits<Scalar>::quiet_NaN()));
    if (lhs_transposed && rhs_transposed) {
      product_(dst, lhs.transpose(), rhs.transpose());
    } else if (lhs_transposed) {
      product_(dst, lhs.transpose(), rhs);
    } else if (rhs_transposed) {
      product_(dst, lhs, rhs.transpose());
    } else {
      product_(dst, lhs, rhs);
    }
    const auto tolerance = static_cast<Scalar>(4 * (k + 1)) * Eigen::NumTraits<Scalar>::epsilon();
    const bool close = ((dst - expected(m, n, k)).array().abs() <= tolerance).all();
    return close && island.is_whole() && rhs_.is_whole() && dst_.is_whole();
  }

 private:
  /// A product that is one deeper than the one before is that one and a column times a row.
  const Matrix<Scalar>& expected(Index m, Index n, Index k) {
    if (expected_.rows() != m || expected_.cols() != n || k < depth_) {
      expected_.setZero(m, n);
      depth_ = 0;
    }
    for (; depth_ < k; ++depth_) {
      expected_ += left_.col(depth_).head(m).lazyProduct(right_.row(depth_).head(n));
    }
    return expected_;
  }

  const Matrix<Scalar> left_ = Matrix<Scalar>::Random(70, 70);
  const Matrix<Scalar> right_ = Matrix<Scalar>::Random(70, 70);
  PackedProduct<Scalar> product_;
  Matrix<Scalar> expected_;
  Index depth_ = 0;
  Island<Scalar> lhs_{75}, rhs_{75}, dst_{75};
  Island<Scalar> crowded_lhs_{256};  // columns so far apart that they fall on the same cache lines
};

/// The first size for which Eigen disagrees, if any.
template <class Scalar>
std::string first_disagreement() {
  Examiner<Scalar> examiner;
  for (Index m = 0; m <= 70; ++m) {
    for (Index n = 0; n <= 70; ++n) {
      for (Index k = 0; k <= 70; ++k) {
        const bool transposed_too = (m * 31 + n * 17 + k) % 11 == 0;
        for (int way = 0; way < (transposed_too ? 4 : 1); ++way) {
          if (!examiner.agrees(m, n, k, way % 2 == 1, way >= 2)) {
            return ae::detail::text(m, " x ", k, " times ", k, " x ", n, ", way ", way);
          }
        }
      }
    }
  }
  return "none";
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

TEST_CASE_TEMPLATE("every size from 0 to 70 agrees with Eigen, reading nothing else", Scalar, float,
                   double) {
  with_threads(1, [] { CHECK(first_disagreement<Scalar>() == "none"); });
}

TEST_CASE("a scalar without packets is multiplied too") {
  Examiner<long double> examiner;
  CHECK(examiner.agrees(33, 20, 17, false, false));
  CHECK(examiner.agrees(33, 20, 17, true, true));
  CHECK(examiner.agrees(33, 20, 18, false, false));
}

TEST_CASE_TEMPLATE("the bits do not depend on the number of threads", Scalar, float, double) {
  for (const auto& [m, n, k] :
       {std::array{300, 150, 250}, std::array{150, 300, 70}, std::array{300, 60, 50},
        std::array{64, 1000, 33}, std::array{1000, 7, 90}, std::array{1000, 1, 300},
        std::array{1000, 20, 300}}) {
    const Matrix<Scalar> a = Matrix<Scalar>::Random(m, k), b = Matrix<Scalar>::Random(k, n);
    Matrix<Scalar> expected(m, n), found(m, n);
    PackedProduct<Scalar> product;
    with_threads(1, [&] { product(expected, a, b); });
    for (const int threads : {2, 3, 7}) {
      found.setConstant(std::numeric_limits<Scalar>::quiet_NaN());
      with_threads(threads, [&] { product(found, a, b); });
      CHECK(found == expected);
    }
  }
}

TEST_CASE_TEMPLATE("threads lose nothing of a shared matrix whose lines they share", Scalar, float,
                   double) {
  const Matrix<Scalar> a = Matrix<Scalar>::Random(203, 90), b = Matrix<Scalar>::Random(90, 61);
  const auto add = [](const auto& gradient, auto weight) { weight += gradient; };
  Matrix<Scalar> expected = Matrix<Scalar>::Random(203, 61), found = expected;
  PackedProduct<Scalar> product;
  const auto update = [&](Matrix<Scalar>& weight) {
    product.tiles(a, b, ae::linalg::elementwise(add, ae::linalg::shared(weight)));
  };
  for (int step = 0; step < 20; ++step) {
    with_threads(1, [&] { update(expected); });
    with_threads(3, [&] { update(found); });
    CHECK(found == expected);
  }
}

TEST_CASE_TEMPLATE("tiles begin at multiples of their height, for any number of threads", Scalar,
                   float, double) {
  for (const Index n : {1, 7}) {
    const Matrix<Scalar> a = Matrix<Scalar>::Random(1000, 300), b = Matrix<Scalar>::Random(300, n);
    PackedProduct<Scalar> product;
    for (const int threads : {1, 2, 3}) {
      std::atomic<int> elsewhere = 0;
      const auto note = [&](const auto&, Range rows, Range) {
        if (rows.first % PackedProduct<Scalar>::tile_rows != 0) ++elsewhere;
      };
      with_threads(threads, [&] { product.tiles(a, b, note); });
      CHECK(elsewhere == 0);
    }
  }
}

TEST_CASE_TEMPLATE("the bits do not depend on where an operand lies", Scalar, float, double) {
  const Matrix<Scalar> a = Matrix<Scalar>::Random(200, 50), b = Matrix<Scalar>::Random(50, 20);
  Matrix<Scalar> expected(200, 20), found(200, 20);
  PackedProduct<Scalar> product;
  product(expected, a, b);
  Matrix<Scalar> crowded(1024, 50);
  crowded.middleRows(3, 200) = a;
  product(found, crowded.middleRows(3, 200), b);
  CHECK(found == expected);
  const Matrix<Scalar> lying = a.transpose();
  product(found, lying.transpose(), b);
  CHECK(found == expected);
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

TEST_CASE("what an epilogue that throws leaves behind is not stored by the next product") {
  const Matrix<float> lhs = Matrix<float>::Random(200, 5), rhs = Matrix<float>::Random(5, 40);
  PackedProduct<float> product;
  Matrix<float> first(200, 40), second(200, 40);
  const auto stop = [](const auto&, Range rows, Range cols) {
    if (rows.first > 0 && cols.first > 0) throw std::runtime_error("stop");
  };
  REQUIRE_THROWS_AS(product(first, lhs, rhs, stop), std::runtime_error);
  first.setZero();
  product(second, lhs, rhs);
  CHECK(first.isZero());
  CHECK(second.isApprox(lhs * rhs));
}

TEST_CASE("the plain product hands out the same tiles of the same result") {
  const Matrix<double> a = Matrix<double>::Random(130, 40), b = Matrix<double>::Random(40, 70);
  Matrix<double> plain(130, 70), packed(130, 70), gathered(130, 70);
  ae::detail::PlainProduct<double>()(plain, a, b);
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

namespace {

Matrix<double> rounded(const Matrix<float>& x) {
  return x.unaryExpr([](float value) { return static_cast<double>(Eigen::bfloat16(value)); });
}

/// The largest distance from the product of the rounded operands in double, of what the sums' own
/// rounding allows: k roundings, each of at most half a unit of the sum of the magnitudes.
double rounding_error(Index m, Index n, Index k, bool lhs_transposed, bool rhs_transposed) {
  Matrix<float> a = Matrix<float>::Random(m, k), b = Matrix<float>::Random(k, n), found(m, n);
  const Matrix<double> left = rounded(a), right = rounded(b);
  PackedProduct<float> product;
  product.set_precision(ae::Precision::bfloat16);
  const Matrix<float> a_stored = a.transpose(), b_stored = b.transpose();
  if (lhs_transposed && rhs_transposed) {
    product(found, a_stored.transpose(), b_stored.transpose());
  } else if (lhs_transposed) {
    product(found, a_stored.transpose(), b);
  } else if (rhs_transposed) {
    product(found, a, b_stored.transpose());
  } else {
    product(found, a, b);
  }
  const Matrix<double> most =
      static_cast<double>(k + 1) * 0x1p-24 * (left.cwiseAbs() * right.cwiseAbs());
  return ((found.cast<double>() - left * right).cwiseAbs().array() / most.array()).maxCoeff();
}

}  // namespace

TEST_CASE("operands rounded to bfloat16 are multiplied with float's sums") {
  for (const auto& [m, n, k] :
       {std::array{300, 150, 64}, std::array{150, 299, 33}, std::array{65, 64, 1},
        std::array{101, 67, 2}, std::array{128, 100, 77}}) {
    for (int way = 0; way < 4; ++way) {
      CAPTURE(m);
      CAPTURE(way);
      CHECK(rounding_error(m, n, k, way % 2 == 1, way >= 2) <= 1);
    }
  }
}

TEST_CASE("products of few rows or columns, and those of doubles, keep their operands") {
  const Matrix<float> a = Matrix<float>::Random(20, 90), b = Matrix<float>::Random(90, 300);
  PackedProduct<float> full, rounding;
  rounding.set_precision(ae::Precision::bfloat16);
  Matrix<float> expected(20, 300), found(20, 300);
  full(expected, a, b);
  rounding(found, a, b);
  CHECK(found == expected);

  const Matrix<double> c = Matrix<double>::Random(150, 90), d = Matrix<double>::Random(90, 150);
  PackedProduct<double> doubles;
  doubles.set_precision(ae::Precision::bfloat16);
  Matrix<double> exact(150, 150);
  doubles(exact, c, d);
  CHECK((exact - c.lazyProduct(d)).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("the bits of rounded products do not depend on the number of threads") {
  const Matrix<float> a = Matrix<float>::Random(300, 251), b = Matrix<float>::Random(251, 150);
  PackedProduct<float> product;
  product.set_precision(ae::Precision::bfloat16);
  Matrix<float> expected(300, 150), found(300, 150);
  with_threads(1, [&] { product(expected, a, b); });
  for (const int threads : {2, 3, 7}) {
    found.setZero();
    with_threads(threads, [&] { product(found, a, b); });
    CHECK(found == expected);
  }
}

TEST_CASE("what is infinite or no number stays so in rounded products") {
  Matrix<float> a = Matrix<float>::Ones(100, 90), b = Matrix<float>::Ones(90, 100), found(100, 100);
  a(3, 88) = a(4, 89) = std::numeric_limits<float>::infinity();
  b(7, 5) = std::numeric_limits<float>::quiet_NaN();
  PackedProduct<float> product;
  product.set_precision(ae::Precision::bfloat16);
  product(found, a, b);
  CHECK(found(0, 0) == 90);
  CHECK(found(3, 0) == std::numeric_limits<float>::infinity());
  CHECK(found(4, 0) == std::numeric_limits<float>::infinity());
  CHECK(std::isnan(found(0, 5)));
}
