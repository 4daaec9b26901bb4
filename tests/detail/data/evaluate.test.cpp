#include "ae/detail/data/evaluate.hpp"

#include "ae/parts/loss.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

/// Gives every value back, so much larger.
struct OffBy {
  double error;
  Index size = 3;

  Index features() const { return size; }

  template <class Derived>
  ae::Matrix<typename Derived::Scalar> reconstruct(const Eigen::MatrixBase<Derived>& x) const {
    return x.array() + static_cast<typename Derived::Scalar>(error);
  }
};

/// Gives nothing back.
struct Blank {
  Index features() const { return 3; }
  Matrix<double> reconstruct(const ae::ConstMatrixRef<double>& x) const { return 0 * x; }
};

struct AbsoluteError {
  auto value(const auto& y, const auto& target) const { return (y - target).abs(); }
  auto derivative(const auto& y, const auto& target) const { return (y - target).sign(); }
  double units(double scale) const { return scale; }
};

Matrix<double> numbered(Index samples) {
  return Eigen::VectorXd::LinSpaced(3 * samples, -1, 2).reshaped(3, samples);
}

/// Of data in any scalar, read in that of the model.
template <class Scalar, class Model, class Data, class L = ae::Mse>
double evaluate(const Model& model, const Data& data, const L& loss = {}) {
  return ae::detail::evaluate(model, ae::detail::SourceRef<Scalar>(ae::detail::as_source(data)),
                              loss);
}

}  // namespace

TEST_CASE("a model that gives everything back has no error") {
  CHECK(evaluate<double>(OffBy{0}, numbered(10)) == 0);
}

TEST_CASE("the error is the mean over all elements of all chunks") {
  for (const Index samples : {1, 255, 256, 257, 600}) {
    CAPTURE(samples);
    const Matrix<double> x = numbered(samples);
    CHECK(evaluate<double>(Blank{}, x) == doctest::Approx(x.array().square().mean()));
  }
}

TEST_CASE("another loss may be asked for") {
  CHECK(evaluate<double>(OffBy{-3}, numbered(300)) == doctest::Approx(9));
  CHECK(evaluate<double>(OffBy{-3}, numbered(300), AbsoluteError{}) == doctest::Approx(3));
}

TEST_CASE("samples are read in the scalar type of the model") {
  CHECK(evaluate<float>(OffBy{2}, numbered(300)) == doctest::Approx(4));
  CHECK(evaluate<double>(OffBy{2}, numbered(300).cast<float>()) == doctest::Approx(4));
}

TEST_CASE("a value that is not finite is refused, with its sample") {
  Matrix<double> x = numbered(300);
  x(1, 270) = std::numeric_limits<double>::quiet_NaN();
  CHECK(says(message_of<ae::DataError>([&] { evaluate<double>(Blank{}, x); }),
             "evaluate: expected finite values, found nan in sample 270, feature 1"));
}

TEST_CASE("no samples cannot be evaluated") {
  CHECK(says(message_of<ae::ShapeError>([] { evaluate<double>(Blank{}, Matrix<double>(3, 0)); }),
             "evaluate", "at least one sample"));
}

TEST_CASE("samples of another number of features cannot be evaluated") {
  CHECK(says(message_of<ae::ShapeError>([] {
               evaluate<double>(OffBy{0, 4}, numbered(2));
             }),
             "evaluate", "4 features", "found 3"));
}
